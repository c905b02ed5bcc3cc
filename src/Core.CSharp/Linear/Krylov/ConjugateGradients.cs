using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// Hestenes and Stiefel (1952), equations 3:1, for A·d = r from d = 0; with a preconditioner: Y. Saad, Iterative Methods for Sparse Linear
/// Systems (2003), algorithm 9.1.
/// </summary>
internal static class ConjugateGradients
{
    public static KrylovCycle Run<T>(
        Product<T> apply,
        Product<T>? precondition,
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
        Span<T> z = precondition is null ? r : space[3];
        correction.Clear();
        residual.CopyTo(r);
        precondition?.Invoke(r, z);
        z.CopyTo(direction);
        double square = Vectors.Dot<T>(r, z);
        for (int step = 1; step <= budget; step++)
        {
            apply(direction, product);
            double curvature = Vectors.Dot<T>(direction, product);
            // A direction without positive curvature: A, or the preconditioner, is not positive definite.
            if (!(curvature > 0.0) || !(square > 0.0))
                return new(step, BrokeDown: true);
            double length = square / curvature;
            Vectors.Add(correction, length, direction);
            Vectors.Add(r, -length, product);
            if (!(Vectors.Norm<T>(r) > tolerance))
                return new(step, BrokeDown: false);
            precondition?.Invoke(r, z);
            double next = Vectors.Dot<T>(r, z);
            Vectors.Scale(direction, next / square, direction);
            Vectors.Add(direction, 1.0, z);
            square = next;
        }
        return new(budget, BrokeDown: false);
    }
}
