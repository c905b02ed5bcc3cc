namespace Implicit.Solvers.Minimise;

/// <summary>
/// Newton's method with Hessian–vector products only: the model within a trust region is minimised by conjugate gradients, which stop at
/// negative curvature. T. Steihaug, SIAM J. Numer. Anal. 20 (1983); Nocedal and Wright (2006), algorithm 7.2.
/// </summary>
/// <param name="region">The trust region.</param>
/// <param name="curve">(x, v) ↦ the product of the Hessian at x with v.</param>
internal sealed class NewtonConjugateGradients(TrustRegion region, Func<double[], double[], double[]> curve) : IDescent
{
    private double radius = double.NaN;
    private double largestGradient;

    public Iterate? Step(IObjective objective, Iterate now)
    {
        double size = Numbers.Norm(now.Gradient);
        largestGradient = Math.Max(largestGradient, size);
        if (double.IsNaN(radius))
            radius = Math.Min(region.InitialRadius ?? Math.Max(1.0, size), region.MaxRadius);
        double noise = objective.Noise(now.Value);
        double smallest = objective.Rounding * Math.Max(Numbers.Norm(now.X), double.Epsilon);
        while (radius > smallest)
        {
            (double[] step, double predicted) = Model(now, size);
            Iterate next = objective.At(Numbers.Sum(now.X, 1.0, step));
            double gain = next.IsFinite ? now.Decrease(next, step, noise) / predicted : double.NegativeInfinity;
            radius = region.Next(radius, gain, Numbers.Norm(step));
            if (gain > region.LeastGain)
                return next;
        }
        return null;
    }

    /// <summary>A step that lessens the quadratic model, and by how much.</summary>
    private (double[] Step, double Predicted) Model(Iterate now, double size)
    {
        int n = now.X.Length;
        double[] step = new double[n];
        double[] curved = new double[n];
        double[] residual = [.. now.Gradient];
        double[] direction = Numbers.Scaled(-1.0, residual);
        double square = size * size;
        double tolerance = Math.Min(0.5, Math.Sqrt(size / largestGradient)) * size;
        for (int i = 0; i < 2 * n && Math.Sqrt(square) > tolerance; i++)
        {
            double[] product = curve(now.X, direction);
            double curvature = Numbers.Dot(direction, product);
            double length = square / curvature;
            double[] further = Numbers.Sum(step, length, direction);
            if (!(curvature > 0.0) || Numbers.Norm(further) >= radius)
            {
                length = ToBoundary(step, direction);
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

    /// <summary>The τ ≥ 0 with ‖step + τ·direction‖ = radius.</summary>
    private double ToBoundary(double[] step, double[] direction)
    {
        double a = Numbers.Dot(direction, direction);
        double b = Numbers.Dot(step, direction);
        double c = (radius * radius) - Numbers.Dot(step, step);
        return c / (b + Math.Sqrt((b * b) + (a * c)));
    }
}
