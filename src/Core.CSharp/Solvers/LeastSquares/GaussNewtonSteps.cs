using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>
/// The step that minimises ‖r + J·p‖, the shortest if there are several: Nocedal and Wright, Numerical Optimization (2006), equation 10.23, along
/// which a line search goes.
/// </summary>
/// <param name="solve">(J, r) ↦ −J⁺r; null if J has dependent columns (rows, if it is wide).</param>
/// <param name="search">The line search.</param>
internal sealed class GaussNewtonSteps(Func<double[], double[], double[]?> solve, LineSearch search) : IDescent
{
    public Iterate? Step(IObjective objective, Iterate now)
    {
        var at = (ResidualIterate)now;
        double[]? step = solve(at.Jacobian, at.Residuals);
        return step is null ? null : search.Along(objective, now, step, 1.0);
    }
}
