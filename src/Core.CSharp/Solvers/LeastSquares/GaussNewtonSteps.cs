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
    public IEnumerator<Iterate?> Steps(Descent descent)
    {
        var line = new Line(descent);
        IEnumerator<Iterate?> trials = search.Along(line, descent);
        while (true)
        {
            var at = new ResidualModel(descent.Now);
            if (solve(at.Jacobian, at.Residuals) is { } step)
            {
                line.Begin(step, 1.0);
                while (trials.MoveNext() && trials.Current is { } trial)
                    yield return trial;
            }
            yield return null;
        }
    }
}
