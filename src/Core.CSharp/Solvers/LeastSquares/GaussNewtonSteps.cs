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
    public IEnumerable<double[]> Step(Descent descent)
    {
        var at = new ResidualModel(descent.Now);
        double[]? step = solve(at.Jacobian, at.Residuals);
        return step is null ? [] : search.Along(descent, step, 1.0);
    }
}
