using Implicit.Solvers.Convex;

namespace Implicit;

/// <summary>Minimisers as functions of the data of their problem.</summary>
public static class Argmin
{
    /// <summary>
    /// The x that minimises ½x'Px + q'x subject to A·x = b, G·x ≤ h, lower ≤ x ≤ upper. It is differentiable with respect to every datum, in
    /// both modes and to any order.
    /// </summary>
    /// <param name="program">The data; batch axes in front broadcast.</param>
    /// <param name="options">How to solve; the defaults if null.</param>
    /// <returns>x, […, n].</returns>
    /// <exception cref="TensorException">The shapes or element types do not fit together.</exception>
    /// <exception cref="SolveException">An item is not solved; the message names it and says why and what to try.</exception>
    /// <remarks>
    /// A primal-dual interior point on the homogeneous embedding (P. Goulart and Y. Chen 2024, "Clarabel"), in float64, then polished on its
    /// active set. Derivative: B. Amos and J. Z. Kolter (2017), "OptNet", equations 6 to 8.
    /// </remarks>
    public static Tensor Qp(QuadraticProgram program, QpOptions? options = null) =>
        QpSetup.Of(program, options ??= new QpOptions()).Solve(options.OnFail).X;

    /// <summary>
    /// Solves and gives the full account: duals, status of each item, residuals. Never throws for numerical failure. The tensors are differentiable
    /// as that of <see cref="Qp"/> is; only the status and the statistics need numbers, so within a transform they cannot be read.
    /// </summary>
    /// <param name="program">The data; batch axes in front broadcast.</param>
    /// <param name="options">How to solve; the defaults if null.</param>
    /// <returns>The solution.</returns>
    /// <exception cref="TensorException">The shapes or element types do not fit together.</exception>
    public static QpSolution SolveQp(QuadraticProgram program, QpOptions? options = null) =>
        QpSetup.Of(program, options ?? new QpOptions()).Solve(OnFail.Best);
}
