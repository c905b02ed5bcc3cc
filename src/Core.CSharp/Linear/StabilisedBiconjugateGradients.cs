namespace Implicit.Linear;

/// <summary>Van der Vorst (1992), section 3, for A·d = r from d = 0, with the residual itself as the shadow residual.</summary>
internal static class StabilisedBiconjugateGradients
{
    /// <summary>Cosines below this are rounding: what is divided by them has no correct digit.</summary>
    private const double Orthogonal = 1e-14;

    public static KrylovCycle Run(Func<double[], double[]> apply, double[] residual, double tolerance, int budget)
    {
        double[] correction = new double[residual.Length];
        double[] r = [.. residual];
        double[] direction = [.. r];
        double rho = Vectors.Dot(residual, r);
        for (int step = 2; step <= budget; step += 2)
        {
            double[] product = apply(direction);
            double projection = Vectors.Dot(residual, product);
            if (IsNothing(projection, residual, product))
                return new(correction, step, BrokeDown: true);
            double alpha = rho / projection;
            Vectors.Add(correction, alpha, direction);
            Vectors.Add(r, -alpha, product);
            if (!(Vectors.Norm(r) > tolerance))
                return new(correction, step, BrokeDown: false);
            double[] image = apply(r);
            double overlap = Vectors.Dot(image, r);
            if (IsNothing(overlap, image, r))
                return new(correction, step, BrokeDown: true);
            double omega = overlap / Vectors.Dot(image, image);
            Vectors.Add(correction, omega, r);
            Vectors.Add(r, -omega, image);
            double next = Vectors.Dot(residual, r);
            if (!(Vectors.Norm(r) > tolerance))
                return new(correction, step, BrokeDown: false);
            if (IsNothing(next, residual, r))
                return new(correction, step, BrokeDown: true);
            Vectors.Add(direction, -omega, product);
            direction = Vectors.Scaled(next / rho * (alpha / omega), direction);
            Vectors.Add(direction, 1.0, r);
            rho = next;
        }
        return new(correction, budget, BrokeDown: false);
    }

    private static bool IsNothing(double product, double[] a, double[] b) =>
        !(Math.Abs(product) > Orthogonal * Vectors.Norm(a) * Vectors.Norm(b));
}
