namespace Implicit.Solvers.Minimise;

/// <summary>Steps that lessen a model of the objective as far as it is trusted.</summary>
/// <param name="n">The number of unknowns.</param>
/// <param name="region">The trust region.</param>
internal abstract class TrustRegionDescent(int n, TrustRegion region) : IDescent
{
    private readonly double[] step = new double[n];
    private double radius = double.NaN;

    public IEnumerator<Iterate?> Steps(Descent descent)
    {
        while (true)
        {
            Iterate now = descent.Now;
            double natural = Begin(now);
            if (double.IsNaN(radius))
                radius = Math.Min(region.InitialRadius ?? Math.Max(1.0, natural), region.MaxRadius);
            // No step is rounding beside x = 0; there one ends that is so, twice over, beside the step that suggests itself.
            double size = Numbers.Norm(now.X);
            double smallest = descent.Rounding * (size > 0.0 ? size : descent.Rounding * Math.Min(radius, natural));
            while (radius > smallest && !descent.HasStepped)
            {
                double predicted = Within(now, radius, step);
                Iterate trial = descent.Try();
                Numbers.Sum(trial.X, now.X, 1.0, step);
                yield return trial;
                double gain = trial.IsFinite ? now.Decrease(trial, step, descent.Doubt) / predicted : -1.0;
                radius = region.Next(radius, gain, Numbers.Norm(step));
                if (region.IsTaken(gain))
                    descent.Take(trial);
            }
            yield return null;
        }
    }

    /// <summary>Makes the model at an iterate.</summary>
    /// <returns>The length of a step that suggests itself.</returns>
    protected abstract double Begin(Iterate now);

    /// <summary>Makes a step within a radius that lessens the model, and tells by how much.</summary>
    protected abstract double Within(Iterate now, double radius, double[] step);

    /// <summary>The τ ≥ 0 with ‖step + τ·direction‖ = radius.</summary>
    protected static double ToBoundary(double[] step, double[] direction, double radius)
    {
        // In units of the radius: products of two of these squares leave the range of numbers far earlier.
        double a = Numbers.Dot(direction, direction) / radius / radius;
        double b = Numbers.Dot(step, direction) / radius / radius;
        double c = 1.0 - (Numbers.Dot(step, step) / radius / radius);
        return c / (b + Math.Sqrt((b * b) + (a * c)));
    }
}
