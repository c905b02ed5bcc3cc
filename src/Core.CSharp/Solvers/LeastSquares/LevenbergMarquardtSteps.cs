using Implicit.Shapes;
using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>
/// Steps that minimise ‖r + J·p‖² + λ‖D·p‖²: K. Levenberg (1944), D. Marquardt (1963). D holds the largest norms that J's columns have had (J. Moré
/// 1978, equation 6.3), so units do not matter; λ follows the gain as in K. Madsen, H. Nielsen and O. Tingleff, Methods for Non-Linear Least
/// Squares Problems (2004), equation 2.21.
/// </summary>
/// <param name="n">The number of unknowns.</param>
/// <param name="solve">(J, r, √λ·D) ↦ p.</param>
/// <param name="damping">The first λ.</param>
internal sealed class LevenbergMarquardtSteps(int n, Func<double[], double[], double[], double[]> solve, double damping)
    : IDescent
{
    private const double LargestDamping = 1e20;

    /// <summary>The largest norms of the columns so far.</summary>
    private readonly double[] scales = new double[n];
    private readonly double[] norms = new double[n];
    private readonly double[] weights = new double[n];
    private double lambda = damping;
    private double growth = 2.0;

    public IEnumerator<Iterate?> Steps(Descent descent)
    {
        while (true)
        {
            Iterate now = descent.Now;
            var at = new ResidualModel(now);
            at.ColumnNorms(norms);
            for (int i = 0; i < scales.Length; i++)
                scales[i] = Math.Max(scales[i], norms[i]);
            while (lambda < LargestDamping && !descent.HasStepped)
            {
                double[] step = solve(at.Jacobian, at.Residuals, Weights());
                Iterate trial = descent.Try();
                Numbers.Sum(trial.X, now.X, 1.0, step);
                yield return trial;
                double gain = trial.IsFinite ? now.Decrease(trial, step, descent.Doubt) / at.Decrease(step) : -1.0;
                Damp(gain);
                if (gain > 0.0)
                    descent.Take(trial);
            }
            yield return null;
        }
    }

    /// <summary>√λ·D; of a column that was always zero D has 1.</summary>
    private double[] Weights()
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Math.Sqrt(lambda) * (scales[i] > 0.0 ? scales[i] : 1.0);
        return weights;
    }

    private void Damp(double gain)
    {
        if (gain > 0.0)
        {
            double cube = Math.Pow((2.0 * gain) - 1.0, 3.0);
            lambda = Math.Max(
                lambda * Math.Max(1.0 / 3.0, 1.0 - cube),
                Precision.Of<double>() * Precision.Of<double>()
            );
            growth = 2.0;
            return;
        }
        lambda *= growth;
        growth *= 2.0;
    }
}
