using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>
/// Powell's dogleg within a trust region: along the steepest descent to its minimum, then towards the Gauss–Newton step. M. Powell (1970); Nocedal
/// and Wright (2006), equation 4.16. Where J has dependent columns the steepest descent is all there is.
/// </summary>
/// <param name="solve">(J, r) ↦ −J⁺r, or null.</param>
/// <param name="region">The trust region.</param>
internal sealed class DoglegSteps(Func<double[], double[], double[]?> solve, TrustRegion region)
    : TrustRegionDescent(region)
{
    private double[]? full;
    private double[] descent = [];

    protected override double Begin(Iterate now)
    {
        var at = new ResidualModel(now);
        full = solve(at.Jacobian, at.Residuals);
        descent = SteepestDescent(at);
        return Numbers.Norm(full ?? descent);
    }

    protected override (double[] Step, double Predicted) Within(Iterate now, double radius)
    {
        double[] step = Leg(radius);
        return (step, new ResidualModel(now).Decrease(step));
    }

    /// <summary>The minimum of the model along the negative gradient.</summary>
    private static double[] SteepestDescent(ResidualModel at)
    {
        double[] direction = Numbers.Scaled(-1.0, at.Gradient);
        double slope = Numbers.Dot(direction, direction);
        double curvature = 2.0 * (slope - at.Decrease(direction));
        return curvature > 0.0 ? Numbers.Scaled(slope / curvature, direction) : direction;
    }

    /// <summary>The point of the path at a radius.</summary>
    private double[] Leg(double radius)
    {
        if (full is not null && Numbers.Norm(full) <= radius)
            return full;
        double length = Numbers.Norm(descent);
        if (full is null || length >= radius)
            return length > radius ? Numbers.Scaled(radius / length, descent) : descent;
        double[] leg = Numbers.Difference(full, descent);
        return Numbers.Sum(descent, ToBoundary(descent, leg, radius), leg);
    }
}
