using Implicit.Shapes;
using Implicit.Solvers.Minimise;

namespace Implicit;

/// <summary>
/// How a function without constraints is minimised, and the minimiser differentiated by the equation ∇f(x) = 0. The tolerances are for the largest
/// element of the gradient: the relative one beside that at the start, or beside 1 + |f| if that is less (C. T. Kelley, Iterative Methods for
/// Optimization, 1999, section 2.3), 1e-11 in float64 and 1e-5 in float32 if null; the absolute one 1e-10 and 1e-5.
/// </summary>
/// <remarks>
/// The absolute tolerance is in the units of the gradient: an objective whose gradient is 1e-12 everywhere passes for solved at its start. State it in
/// units in which it is near 1, or set the absolute tolerance to 0 (then a start at the minimum must have no gradient to the bit).
/// </remarks>
public sealed record MinimiseOptions : IterativeOptions<MinimiseOptions>, IArgminSolver
{
    /// <summary>The method.</summary>
    public MinimiseMethod Method { get; init; } = new MinimiseMethod.Lbfgs();

    T IArgminSolver.Argmin<T>(ConvexProgram<T> program, T x0) => Minimise.Argmin(Objective(program), x0, this);

    ArgminSolution<T> IArgminSolver.Solve<T>(ConvexProgram<T> program, T x0) =>
        new DescentSolution<T>(Minimise.Solve(Objective(program), x0, this), program.Objective);

    private static Func<T, Tensor> Objective<T>(ConvexProgram<T> program)
    {
        Throw.Unless(
            program.Constraints.Count == 0,
            "argmin",
            "a descent solves programs without constraints (the interior point solves convex ones)",
            $"{program.Constraints.Count} constraints"
        );
        return program.Objective;
    }

    internal override void Check(string solve)
    {
        base.Check(solve);
        Throw.IfMissing(Method, solve, "the method");
        Method.Check(solve);
    }
}
