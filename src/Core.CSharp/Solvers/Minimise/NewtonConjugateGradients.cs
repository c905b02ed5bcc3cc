namespace Implicit.Solvers.Minimise;

/// <summary>
/// Newton's method with Hessian–vector products only: the model within a trust region is minimised by conjugate gradients, which stop at
/// negative curvature. T. Steihaug, SIAM J. Numer. Anal. 20 (1983); Nocedal and Wright (2006), algorithm 7.2.
/// </summary>
/// <param name="n">The number of unknowns.</param>
/// <param name="region">The trust region.</param>
/// <param name="curve">(x, v) ↦ the product of the Hessian at x with v, in memory that the next product takes.</param>
internal sealed class NewtonConjugateGradients(int n, TrustRegion region, Func<double[], double[], double[]> curve)
    : TrustRegionDescent(n, region)
{
    private readonly double[] further = new double[n];
    private readonly double[] curved = new double[n];
    private readonly double[] residual = new double[n];
    private double[] direction = new double[n];
    private double[] turned = new double[n];
    private double size;
    private double largest;

    protected override double Begin(Iterate now)
    {
        size = Numbers.Norm(now.Gradient);
        largest = Math.Max(largest, size);
        return size;
    }

    protected override double Within(Iterate now, double radius, double[] step)
    {
        Array.Clear(step);
        Array.Clear(curved);
        now.Gradient.CopyTo(residual, 0);
        Numbers.Scale(direction, -1.0, residual);
        double square = size * size;
        double tolerance = Math.Min(0.5, Math.Sqrt(size / largest)) * size;
        for (int i = 0; i < 2 * step.Length && Math.Sqrt(square) > tolerance; i++)
        {
            double[] product = curve(now.X, direction);
            double curvature = Numbers.Dot(direction, product);
            double length = square / curvature;
            Numbers.Sum(further, step, length, direction);
            bool isWithin = curvature > 0.0 && Numbers.Norm(further) < radius;
            if (!isWithin)
                length = ToBoundary(step, direction, radius);
            Numbers.Add(step, length, direction);
            Numbers.Add(curved, length, product);
            if (!isWithin)
                break;
            Numbers.Add(residual, length, product);
            double next = Numbers.Dot(residual, residual);
            Numbers.Scale(turned, -1.0, residual);
            Numbers.Add(turned, next / square, direction);
            (direction, turned) = (turned, direction);
            square = next;
        }
        return -Numbers.Dot(now.Gradient, step) - (0.5 * Numbers.Dot(step, curved));
    }
}
