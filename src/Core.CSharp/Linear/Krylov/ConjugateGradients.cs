using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// Hestenes and Stiefel (1952), equations 3:1, for A·d = r from d = 0; with a preconditioner: Y. Saad, Iterative Methods for Sparse Linear
/// Systems (2003), algorithm 9.1. The iterates for −A·d = −r are the same, so A may be negative definite as well.
/// </summary>
internal sealed class ConjugateGradients
{
    /// <summary>The signs of A and of the preconditioner, which the first direction of a solve tells: a later one of the other sign is a breakdown.</summary>
    private (double Operator, double Preconditioner) signs;

    public IEnumerator<Product<T>> Run<T>(KrylovCycle<T> cycle, bool isPreconditioned, KrylovVectors<T> space)
        where T : unmanaged, INumber<T>
    {
        KrylovVector<T> r = space[0];
        KrylovVector<T> direction = space[1];
        KrylovVector<T> product = space[2];
        KrylovVector<T> z = isPreconditioned ? space[3] : r;
        while (true)
        {
            cycle.Correction.Span.Clear();
            cycle.Residual.CopyTo(r);
            if (isPreconditioned)
                yield return new(Factor.Right, r, z);
            z.CopyTo(direction);
            double square = Vectors.Dot<T>(r, z);
            for (int step = 1; step <= cycle.Budget; step++)
            {
                yield return new(Factor.Operator, direction, product);
                double curvature = Vectors.Dot<T>(direction, product);
                // A direction without curvature, or of the other sign: A, or the preconditioner, is not definite.
                bool brokeDown = !HasSign(curvature, ref signs.Operator) || !HasSign(square, ref signs.Preconditioner);
                cycle.End(step, brokeDown);
                if (brokeDown)
                    break;
                double length = square / curvature;
                Vectors.Add<T>(cycle.Correction, length, direction);
                Vectors.Add<T>(r, -length, product);
                if (!(Vectors.Norm<T>(r) > cycle.Tolerance))
                    break;
                if (isPreconditioned)
                    yield return new(Factor.Right, r, z);
                double next = Vectors.Dot<T>(r, z);
                Vectors.Scale<T>(direction, next / square, direction);
                Vectors.Add<T>(direction, 1.0, z);
                square = next;
            }
            yield return default;
        }
    }

    private static bool HasSign(double number, ref double sign)
    {
        if (sign == 0.0)
            sign = number < 0.0 ? -1.0 : 1.0;
        return sign * number > 0.0;
    }
}
