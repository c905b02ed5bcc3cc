using System.Numerics;

namespace Implicit.Linear;

/// <summary>Van der Vorst (1992), section 3, for A·d = r from d = 0, with the residual itself as the shadow residual.</summary>
internal static class StabilisedBiconjugateGradients
{
    /// <summary>Cosines below this are rounding: what is divided by them has no correct digit.</summary>
    private const double Orthogonal = 1e-14;

    public static KrylovCycle Run<T>(
        Product<T> apply,
        ReadOnlySpan<T> residual,
        Span<T> correction,
        double tolerance,
        int budget,
        KrylovSpace<T> space
    )
        where T : unmanaged, INumber<T>
    {
        Span<T> r = space[0];
        Span<T> direction = space[1];
        Span<T> product = space[2];
        Span<T> image = space[3];
        correction.Clear();
        residual.CopyTo(r);
        residual.CopyTo(direction);
        double rho = Vectors.Dot<T>(residual, r);
        for (int step = 2; step <= budget; step += 2)
        {
            apply(direction, product);
            double projection = Vectors.Dot<T>(residual, product);
            if (IsNothing<T>(projection, residual, product))
                return new(step, BrokeDown: true);
            double alpha = rho / projection;
            Vectors.Add(correction, alpha, direction);
            Vectors.Add(r, -alpha, product);
            if (!(Vectors.Norm<T>(r) > tolerance))
                return new(step, BrokeDown: false);
            apply(r, image);
            double overlap = Vectors.Dot<T>(image, r);
            if (IsNothing<T>(overlap, image, r))
                return new(step, BrokeDown: true);
            double omega = overlap / Vectors.Dot<T>(image, image);
            Vectors.Add(correction, omega, r);
            Vectors.Add(r, -omega, image);
            double next = Vectors.Dot(residual, r);
            if (!(Vectors.Norm<T>(r) > tolerance))
                return new(step, BrokeDown: false);
            if (IsNothing(next, residual, r))
                return new(step, BrokeDown: true);
            Vectors.Add(direction, -omega, product);
            Vectors.Scale(direction, next / rho * (alpha / omega), direction);
            Vectors.Add(direction, 1.0, r);
            rho = next;
        }
        return new(budget, BrokeDown: false);
    }

    private static bool IsNothing<T>(double product, ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T> => !(Math.Abs(product) > Orthogonal * Vectors.Norm(a) * Vectors.Norm(b));
}
