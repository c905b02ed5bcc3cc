using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// Hestenes and Stiefel (1952), equations 3:1, for A·d = r from d = 0; with a preconditioner: Y. Saad, Iterative Methods for Sparse Linear
/// Systems (2003), algorithm 9.1.
/// </summary>
internal static class ConjugateGradients
{
    public static IEnumerable<Product<T>> Run<T>(KrylovCycle<T> cycle, bool isPreconditioned, KrylovVectors<T> space)
        where T : unmanaged, INumber<T>
    {
        KrylovVector<T> r = space[0];
        KrylovVector<T> direction = space[1];
        KrylovVector<T> product = space[2];
        KrylovVector<T> z = isPreconditioned ? space[3] : r;
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
            // A direction without positive curvature: A, or the preconditioner, is not positive definite.
            bool brokeDown = !(curvature > 0.0) || !(square > 0.0);
            cycle.End(step, brokeDown);
            if (brokeDown)
                yield break;
            double length = square / curvature;
            Vectors.Add<T>(cycle.Correction, length, direction);
            Vectors.Add<T>(r, -length, product);
            if (!(Vectors.Norm<T>(r) > cycle.Tolerance))
                yield break;
            if (isPreconditioned)
                yield return new(Factor.Right, r, z);
            double next = Vectors.Dot<T>(r, z);
            Vectors.Scale<T>(direction, next / square, direction);
            Vectors.Add<T>(direction, 1.0, z);
            square = next;
        }
    }
}
