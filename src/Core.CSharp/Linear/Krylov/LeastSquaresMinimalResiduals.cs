using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// LSMR of D. Fong and M. Saunders, SIAM J. Sci. Comput. 33 (2011), sections 2 and 3, without damping, for min ‖A·d − r‖ from d = 0: MINRES
/// on the normal equations by the bidiagonalisation of Golub and Kahan.
/// </summary>
internal sealed class LeastSquaresMinimalResiduals<T>(KrylovVectors<T> left, KrylovVectors<T> right)
    where T : unmanaged, INumber<T>
{
    /// <summary>The largest estimate of ‖A‖ (Frobenius) that a run has come to; 0 before the first.</summary>
    public double MatrixNorm { get; private set; }

    /// <summary>
    /// Runs until ‖Aᵀ(r − A·d)‖ is the relative tolerance times ‖A‖·‖r − A·d‖, or ‖r − A·d‖ the cycle's, by the estimates of the
    /// recurrences.
    /// </summary>
    public IEnumerator<Product<T>> Run(KrylovCycle<T> cycle, double relative)
    {
        KrylovVector<T> u = left[0];
        KrylovVector<T> image = left[1];
        KrylovVector<T> v = right[0];
        KrylovVector<T> pulled = right[1];
        KrylovVector<T> h = right[2];
        KrylovVector<T> carried = right[3];
        while (true)
        {
            cycle.Correction.Span.Clear();
            carried.Span.Clear();
            double beta = Vectors.Norm<T>(cycle.Residual);
            Vectors.Scale<T>(u, 1.0 / beta, cycle.Residual);
            yield return new(Factor.Transpose, u, v);
            double alpha = Vectors.Norm<T>(v);
            cycle.End(1);
            if (!(alpha > 0.0))
            {
                yield return default;
                continue;
            }
            var rotations = new LeastSquaresRotations(alpha, beta);
            Vectors.Scale<T>(v, 1.0 / alpha, v);
            v.CopyTo(h);
            for (int step = 1; step <= cycle.Budget; step++)
            {
                yield return new(Factor.Operator, v, image);
                beta = Advance(image, u, alpha);
                yield return new(Factor.Transpose, u, pulled);
                alpha = Advance(pulled, v, beta);
                rotations.Turn(alpha, beta);
                Vectors.Scale<T>(carried, -rotations.CarriedFactor, carried);
                Vectors.Add<T>(carried, 1.0, h);
                Vectors.Add<T>(cycle.Correction, rotations.Length, carried);
                Vectors.Scale<T>(h, -rotations.DirectionFactor, h);
                Vectors.Add<T>(h, 1.0, v);
                cycle.End(step);
                if (!rotations.IsAbove(relative, cycle.Tolerance))
                    break;
            }
            MatrixNorm = Math.Max(MatrixNorm, rotations.MatrixNorm);
            yield return default;
        }
    }

    /// <summary>vector ← (product − scale·vector), normalised (nothing stays nothing); the norm before that.</summary>
    private static double Advance(Span<T> product, Span<T> vector, double scale)
    {
        Vectors.Add<T>(product, -scale, vector);
        double norm = Vectors.Norm<T>(product);
        Vectors.Scale<T>(vector, norm > 0.0 ? 1.0 / norm : 0.0, product);
        return norm;
    }
}
