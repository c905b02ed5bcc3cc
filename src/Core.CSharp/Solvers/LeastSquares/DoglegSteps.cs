using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>
/// Powell's dogleg within a trust region: along the steepest descent to its minimum, then towards the Gauss–Newton step. M. Powell (1970); Nocedal
/// and Wright (2006), equation 4.16. Where J has dependent columns the steepest descent is all there is.
/// </summary>
/// <param name="n">The number of unknowns.</param>
/// <param name="solve">(J, r) ↦ −J⁺r, or null.</param>
/// <param name="region">The trust region.</param>
internal sealed class DoglegSteps(int n, Func<double[], double[], double[]?> solve, TrustRegion region)
    : TrustRegionDescent(n, region)
{
    private readonly double[] descent = new double[n];
    private readonly double[] leg = new double[n];
    private double[]? full;

    protected override double Begin(Iterate now)
    {
        var at = new ResidualModel(now);
        full = solve(at.Jacobian, at.Residuals);
        DescendSteepest(at);
        return Numbers.Norm(full ?? descent);
    }

    protected override double Within(Iterate now, double radius, double[] step)
    {
        Go(radius, step);
        return new ResidualModel(now).Decrease(step);
    }

    /// <summary>The minimum of the model along the negative gradient.</summary>
    private void DescendSteepest(ResidualModel at)
    {
        Numbers.Scale(descent, -1.0, at.Gradient);
        double slope = Numbers.Dot(descent, descent);
        double curvature = 2.0 * (slope - at.Decrease(descent));
        if (curvature > 0.0)
            Numbers.Scale(descent, slope / curvature, descent);
    }

    /// <summary>The point of the path at a radius.</summary>
    private void Go(double radius, double[] step)
    {
        double length = Numbers.Norm(descent);
        if (full is not null && Numbers.Norm(full) <= radius)
            full.CopyTo(step, 0);
        else if (length > radius)
            Numbers.Scale(step, radius / length, descent);
        else if (full is null || length == radius)
            descent.CopyTo(step, 0);
        else
        {
            Numbers.Sum(leg, full, -1.0, descent);
            Numbers.Sum(step, descent, ToBoundary(descent, leg, radius), leg);
        }
    }
}
