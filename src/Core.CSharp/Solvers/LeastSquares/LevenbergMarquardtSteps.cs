using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>
/// Steps that minimise ‖r + J·p‖² + λ‖D·p‖²: K. Levenberg (1944), D. Marquardt (1963). D holds the largest norms that J's columns have had (J. Moré
/// 1978, equation 6.3), so units do not matter; λ follows the gain as in K. Madsen, H. Nielsen and O. Tingleff, Methods for Non-Linear Least
/// Squares Problems (2004), equation 2.21.
/// </summary>
/// <param name="solve">(J, r, √λ·D) ↦ p.</param>
/// <param name="damping">The first λ.</param>
internal sealed class LevenbergMarquardtSteps(Func<double[], double[], double[], double[]> solve, double damping)
    : IDescent
{
    private const double LargestDamping = 1e20;

    private double[]? scales;
    private double lambda = damping;
    private double growth = 2.0;

    public IEnumerable<double[]> Step(Descent descent)
    {
        Iterate now = descent.Now;
        var at = new ResidualModel(now);
        double[] norms = at.ColumnNorms();
        scales = scales is null ? norms : [.. scales.Zip(norms, Math.Max)];
        double[] weights = Array.ConvertAll(scales, scale => scale > 0.0 ? scale : 1.0);
        while (lambda < LargestDamping)
        {
            double[] step = solve(at.Jacobian, at.Residuals, Numbers.Scaled(Math.Sqrt(lambda), weights));
            yield return Numbers.Sum(now.X, 1.0, step);
            Iterate trial = descent.Trial;
            double gain = trial.IsFinite ? now.Decrease(trial, step, descent.Doubt) / at.Decrease(step) : -1.0;
            Damp(gain);
            if (!(gain > 0.0))
                continue;
            descent.Take(trial);
            yield break;
        }
    }

    private void Damp(double gain)
    {
        if (gain > 0.0)
        {
            double cube = Math.Pow((2.0 * gain) - 1.0, 3.0);
            lambda = Math.Max(lambda * Math.Max(1.0 / 3.0, 1.0 - cube), Numbers.Epsilon * Numbers.Epsilon);
            growth = 2.0;
            return;
        }
        lambda *= growth;
        growth *= 2.0;
    }
}
