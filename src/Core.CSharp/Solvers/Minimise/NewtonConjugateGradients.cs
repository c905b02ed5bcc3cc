namespace Implicit.Solvers.Minimise;

/// <summary>
/// Newton's method with Hessian–vector products only: the model within a trust region is minimised by conjugate gradients, which stop at
/// negative curvature. T. Steihaug, SIAM J. Numer. Anal. 20 (1983); Nocedal and Wright (2006), algorithm 7.2.
/// </summary>
/// <param name="region">The trust region.</param>
/// <param name="curve">(x, v) ↦ the product of the Hessian at x with v.</param>
internal sealed class NewtonConjugateGradients(TrustRegion region, Func<double[], double[], double[]> curve)
    : TrustRegionDescent(region)
{
    private double size;
    private double largest;

    protected override double Begin(Iterate now)
    {
        size = Numbers.Norm(now.Gradient);
        largest = Math.Max(largest, size);
        return size;
    }

    protected override (double[] Step, double Predicted) Within(Iterate now, double radius)
    {
        int n = now.X.Length;
        double[] step = new double[n];
        double[] curved = new double[n];
        double[] residual = [.. now.Gradient];
        double[] direction = Numbers.Scaled(-1.0, residual);
        double square = size * size;
        double tolerance = Math.Min(0.5, Math.Sqrt(size / largest)) * size;
        for (int i = 0; i < 2 * n && Math.Sqrt(square) > tolerance; i++)
        {
            double[] product = curve(now.X, direction);
            double curvature = Numbers.Dot(direction, product);
            double length = square / curvature;
            double[] further = Numbers.Sum(step, length, direction);
            if (!(curvature > 0.0) || Numbers.Norm(further) >= radius)
            {
                length = ToBoundary(step, direction, radius);
                Linear.Vectors.Add<double>(step, length, direction);
                Linear.Vectors.Add<double>(curved, length, product);
                break;
            }
            step = further;
            Linear.Vectors.Add<double>(curved, length, product);
            Linear.Vectors.Add<double>(residual, length, product);
            double next = Numbers.Dot(residual, residual);
            direction = Numbers.Sum(Numbers.Scaled(-1.0, residual), next / square, direction);
            square = next;
        }
        return (step, -Numbers.Dot(now.Gradient, step) - (0.5 * Numbers.Dot(step, curved)));
    }
}
