namespace Implicit.Solvers.Minimise;

/// <summary>Steps that lessen a model of the objective as far as it is trusted.</summary>
/// <param name="region">The trust region.</param>
internal abstract class TrustRegionDescent(TrustRegion region) : IDescent
{
    private double radius = double.NaN;

    public IEnumerable<double[]> Step(Descent descent)
    {
        Iterate now = descent.Now;
        double natural = Begin(now);
        if (double.IsNaN(radius))
            radius = Math.Min(region.InitialRadius ?? Math.Max(1.0, natural), region.MaxRadius);
        double smallest = descent.Rounding * Math.Max(Numbers.Norm(now.X), double.Epsilon);
        while (radius > smallest)
        {
            (double[] step, double predicted) = Within(now, radius);
            yield return Numbers.Sum(now.X, 1.0, step);
            Iterate trial = descent.Trial;
            double gain = trial.IsFinite ? now.Decrease(trial, step, descent.Doubt) / predicted : -1.0;
            radius = region.Next(radius, gain, Numbers.Norm(step));
            if (!region.IsTaken(gain))
                continue;
            descent.Take(trial);
            yield break;
        }
    }

    /// <summary>Makes the model at an iterate.</summary>
    /// <returns>The length of a step that suggests itself.</returns>
    protected abstract double Begin(Iterate now);

    /// <summary>A step within a radius that lessens the model, and by how much.</summary>
    protected abstract (double[] Step, double Predicted) Within(Iterate now, double radius);

    /// <summary>The τ ≥ 0 with ‖step + τ·direction‖ = radius.</summary>
    protected static double ToBoundary(double[] step, double[] direction, double radius)
    {
        double a = Numbers.Dot(direction, direction);
        double b = Numbers.Dot(step, direction);
        double c = (radius * radius) - Numbers.Dot(step, step);
        return c / (b + Math.Sqrt((b * b) + (a * c)));
    }
}
