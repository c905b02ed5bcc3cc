using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>
/// Powell's dogleg within a trust region: along the steepest descent to its minimum, then towards the Gauss–Newton step. M. Powell (1970); Nocedal
/// and Wright (2006), equation 4.16. Where J has dependent columns the steepest descent is all there is.
/// </summary>
/// <param name="solve">(J, r) ↦ −J⁺r, or null.</param>
/// <param name="region">The trust region.</param>
internal sealed class DoglegSteps(Func<double[], double[], double[]?> solve, TrustRegion region) : IDescent
{
    private double radius = double.NaN;

    public Iterate? Step(IObjective objective, Iterate now)
    {
        var at = (ResidualIterate)now;
        double[]? full = solve(at.Jacobian, at.Residuals);
        double[] descent = SteepestDescent(at);
        if (double.IsNaN(radius))
            radius = Math.Min(region.InitialRadius ?? Math.Max(1.0, Numbers.Norm(full ?? descent)), region.MaxRadius);
        double noise = objective.Noise(now.Value);
        double smallest = objective.Rounding * Math.Max(Numbers.Norm(now.X), double.Epsilon);
        while (radius > smallest)
        {
            double[] step = Within(descent, full);
            Iterate next = objective.At(Numbers.Sum(now.X, 1.0, step));
            double gain = next.IsFinite ? now.Decrease(next, step, noise) / at.PredictedDecrease(step) : -1.0;
            radius = region.Next(radius, gain, Numbers.Norm(step));
            if (gain > region.LeastGain)
                return next;
        }
        return null;
    }

    /// <summary>The minimum of the model along the negative gradient.</summary>
    private static double[] SteepestDescent(ResidualIterate at)
    {
        double[] direction = Numbers.Scaled(-1.0, at.Gradient);
        double slope = Numbers.Dot(direction, direction);
        double curvature = 2.0 * (slope - at.PredictedDecrease(direction));
        return curvature > 0.0 ? Numbers.Scaled(slope / curvature, direction) : direction;
    }

    private double[] Within(double[] descent, double[]? full)
    {
        if (full is not null && Numbers.Norm(full) <= radius)
            return full;
        double length = Numbers.Norm(descent);
        if (full is null || length >= radius)
            return length > radius ? Numbers.Scaled(radius / length, descent) : descent;
        double[] leg = Numbers.Difference(full, descent);
        double a = Numbers.Dot(leg, leg);
        double b = Numbers.Dot(descent, leg);
        double c = (radius * radius) - (length * length);
        return Numbers.Sum(descent, c / (b + Math.Sqrt((b * b) + (a * c))), leg);
    }
}
