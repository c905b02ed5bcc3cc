using System.Numerics;

namespace Implicit.Linear;

/// <summary>Van der Vorst (1992), section 3, for A·d = r from d = 0, with the residual itself as the shadow residual.</summary>
internal static class StabilisedBiconjugateGradients
{
    /// <summary>Cosines below this are rounding: what is divided by them has no correct digit.</summary>
    private const double Orthogonal = 1e-14;

    /// <param name="cycle">The tasks; their budgets are 2 or more.</param>
    /// <param name="seen">The factors of the matrix that the method sees.</param>
    /// <param name="space">The method's own.</param>
    public static IEnumerator<Product<T>> Run<T>(KrylovCycle<T> cycle, Factor[] seen, KrylovVectors<T> space)
        where T : unmanaged, INumber<T>
    {
        KrylovVector<T> shadow = cycle.Residual;
        KrylovVector<T> r = space[0];
        KrylovVector<T> direction = space[1];
        KrylovVector<T> product = space[2];
        KrylovVector<T> image = space[3];
        while (true)
        {
            cycle.Correction.Span.Clear();
            shadow.CopyTo(r);
            shadow.CopyTo(direction);
            double rho = Vectors.Dot<T>(shadow, r);
            for (int step = 2; ; step += 2)
            {
                if (step > cycle.Budget)
                {
                    cycle.End(cycle.Budget);
                    break;
                }
                yield return new(seen, direction, product);
                double projection = Vectors.Dot<T>(shadow, product);
                cycle.End(step, brokeDown: IsNothing<T>(projection, shadow, product));
                if (cycle.BrokeDown)
                    break;
                double alpha = rho / projection;
                Vectors.Add<T>(cycle.Correction, alpha, direction);
                Vectors.Add<T>(r, -alpha, product);
                if (!(Vectors.Norm<T>(r) > cycle.Tolerance))
                    break;
                yield return new(seen, r, image);
                double overlap = Vectors.Dot<T>(image, r);
                cycle.End(step, brokeDown: IsNothing<T>(overlap, image, r));
                if (cycle.BrokeDown)
                    break;
                // The square of it may be no number, for it has that of A.
                double size = Vectors.Norm<T>(image);
                double omega = overlap / size / size;
                Vectors.Add<T>(cycle.Correction, omega, r);
                Vectors.Add<T>(r, -omega, image);
                double next = Vectors.Dot<T>(shadow, r);
                if (!(Vectors.Norm<T>(r) > cycle.Tolerance))
                    break;
                cycle.End(step, brokeDown: IsNothing<T>(next, shadow, r));
                if (cycle.BrokeDown)
                    break;
                Vectors.Add<T>(direction, -omega, product);
                Vectors.Scale<T>(direction, next / rho * (alpha / omega), direction);
                Vectors.Add<T>(direction, 1.0, r);
                rho = next;
            }
            yield return default;
        }
    }

    private static bool IsNothing<T>(double product, ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T> => !(Math.Abs(product) > Orthogonal * Vectors.Norm(a) * Vectors.Norm(b));
}
