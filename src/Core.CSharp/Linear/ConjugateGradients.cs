namespace Implicit.Linear;

/// <summary>Hestenes and Stiefel (1952), equations 3:1, for A·d = r from d = 0.</summary>
internal static class ConjugateGradients
{
    public static KrylovCycle Run(Func<double[], double[]> apply, double[] residual, double tolerance, int budget)
    {
        double[] correction = new double[residual.Length];
        double[] r = [.. residual];
        double[] direction = [.. r];
        double square = Vectors.Dot(r, r);
        for (int step = 1; step <= budget; step++)
        {
            double[] product = apply(direction);
            double curvature = Vectors.Dot(direction, product);
            // A direction without positive curvature: A is not positive definite.
            if (!(curvature > 0.0))
                return new(correction, step, BrokeDown: true);
            double length = square / curvature;
            Vectors.Add(correction, length, direction);
            Vectors.Add(r, -length, product);
            double next = Vectors.Dot(r, r);
            if (!(Math.Sqrt(next) > tolerance))
                return new(correction, step, BrokeDown: false);
            direction = Vectors.Scaled(next / square, direction);
            Vectors.Add(direction, 1.0, r);
            square = next;
        }
        return new(correction, budget, BrokeDown: false);
    }
}
