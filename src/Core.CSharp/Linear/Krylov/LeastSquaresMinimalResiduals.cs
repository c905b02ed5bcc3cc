using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// LSMR of D. Fong and M. Saunders, SIAM J. Sci. Comput. 33 (2011), sections 2 and 3, without damping, for min ‖A·d − r‖ from d = 0: MINRES
/// on the normal equations by the bidiagonalisation of Golub and Kahan.
/// </summary>
internal static class LeastSquaresMinimalResiduals
{
    /// <summary>
    /// Runs until ‖Aᵀ(r − A·d)‖ is the relative tolerance times ‖A‖·‖r − A·d‖, or ‖r − A·d‖ the absolute one, by the estimates of the
    /// recurrences.
    /// </summary>
    /// <returns>The cost, and the estimate of ‖A‖ (Frobenius).</returns>
    public static (KrylovCycle Cycle, double MatrixNorm) Run<T>(
        Product<T> apply,
        Product<T> transposed,
        ReadOnlySpan<T> residual,
        Span<T> correction,
        (double Relative, double Absolute) tolerance,
        int budget,
        KrylovSpace<T> left,
        KrylovSpace<T> right
    )
        where T : unmanaged, INumber<T>
    {
        Span<T> u = left[0];
        Span<T> image = left[1];
        Span<T> v = right[0];
        Span<T> pulled = right[1];
        Span<T> h = right[2];
        Span<T> carried = right[3];
        correction.Clear();
        carried.Clear();
        double beta = Vectors.Norm(residual);
        Vectors.Scale(u, 1.0 / beta, residual);
        transposed(u, v);
        double alpha = Vectors.Norm<T>(v);
        var rotations = new LeastSquaresRotations(alpha, beta);
        if (!(alpha > 0.0))
            return (new(1, BrokeDown: false), 0.0);
        Vectors.Scale(v, 1.0 / alpha, v);
        v.CopyTo(h);
        for (int step = 1; step <= budget; step++)
        {
            apply(v, image);
            beta = Advance(image, u, alpha);
            transposed(u, pulled);
            alpha = Advance(pulled, v, beta);
            rotations.Turn(alpha, beta);
            Vectors.Scale(carried, -rotations.CarriedFactor, carried);
            Vectors.Add(carried, 1.0, h);
            Vectors.Add(correction, rotations.Length, carried);
            Vectors.Scale(h, -rotations.DirectionFactor, h);
            Vectors.Add(h, 1.0, v);
            if (!rotations.IsAbove(tolerance.Relative, tolerance.Absolute))
                return (new(step, BrokeDown: false), rotations.MatrixNorm);
        }
        return (new(budget, BrokeDown: false), rotations.MatrixNorm);
    }

    /// <summary>vector ← (product − scale·vector), normalised (nothing stays nothing); the norm before that.</summary>
    private static double Advance<T>(Span<T> product, Span<T> vector, double scale)
        where T : unmanaged, INumber<T>
    {
        Vectors.Add(product, -scale, vector);
        double norm = Vectors.Norm<T>(product);
        Vectors.Scale(vector, norm > 0.0 ? 1.0 / norm : 0.0, product);
        return norm;
    }
}
