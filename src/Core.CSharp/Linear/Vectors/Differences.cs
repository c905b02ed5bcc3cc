using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>
/// Passes over the differences dₖ = xₖ − xₖ₊₁ of vectors that follow each other. A difference is made of the vectors where it is needed, so it takes
/// no memory; after the last of fewer vectors stands that one again, whose differences are zero. All vectors are in the same place of larger ones,
/// from <c>start</c> to <c>end</c>.
/// </summary>
/// <typeparam name="T">The type of the vectors, float or double.</typeparam>
internal static unsafe class Differences<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>How many a pass takes.</summary>
    public const int Together = 5;

    /// <summary>⟨a − b, dₖ⟩ and ⟨a, dₖ⟩ of x₀ to x₅, summed in lanes of <typeparamref name="TSum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Products<TSum>(
        int start,
        int end,
        T* a,
        T* b,
        T** x,
        Span<double> ofDifference,
        Span<double> ofA
    )
        where TSum : unmanaged
    {
        T* x0 = x[0];
        T* x1 = x[1];
        T* x2 = x[2];
        T* x3 = x[3];
        T* x4 = x[4];
        T* x5 = x[5];
        ofDifference[..Together].Clear();
        ofA[..Together].Clear();
        int i = start;
        while (i <= end - Lanes<T, TSum>.Count)
        {
            Both<TSum> s0 = default;
            Both<TSum> s1 = default;
            Both<TSum> s2 = default;
            Both<TSum> s3 = default;
            Both<TSum> s4 = default;
            for (int stop = Lanes<T, TSum>.End(i, end); i < stop; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> first = Vector512.Load(a + i);
                Vector512<T> difference = first - Vector512.Load(b + i);
                Vector512<T> at = Vector512.Load(x1 + i);
                s0.Add(Vector512.Load(x0 + i) - at, difference, first);
                Vector512<T> next = Vector512.Load(x2 + i);
                s1.Add(at - next, difference, first);
                at = Vector512.Load(x3 + i);
                s2.Add(next - at, difference, first);
                next = Vector512.Load(x4 + i);
                s3.Add(at - next, difference, first);
                s4.Add(next - Vector512.Load(x5 + i), difference, first);
            }
            Sum(ofDifference, Lanes<T, TSum>.Sums(s0.OfDifference, s1.OfDifference, s2.OfDifference, s3.OfDifference));
            Sum(ofA, Lanes<T, TSum>.Sums(s0.OfA, s1.OfA, s2.OfA, s3.OfA));
            Vector256<double> last = Lanes<T, TSum>.Sums(s4.OfDifference, s4.OfA, default, default);
            (ofDifference[4], ofA[4]) = (ofDifference[4] + last[0], ofA[4] + last[1]);
        }
        for (; i < end; i++)
            Add(i, a, b, x, ofDifference, ofA);
    }

    /// <summary>y ← from + s·r₀ + Σ wₖ·((xₖ − z) + β·rₖ), k from 1 to 5; y may be from, and from may be z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(
        (int Start, int End) at,
        T* y,
        T* from,
        T* z,
        T** x,
        T** r,
        double s,
        ReadOnlySpan<double> w,
        double damping
    )
    {
        T* x1 = x[1];
        T* x2 = x[2];
        T* x3 = x[3];
        T* x4 = x[4];
        T* x5 = x[5];
        T* r1 = r[1];
        T* r2 = r[2];
        T* r3 = r[3];
        T* r4 = r[4];
        T* r5 = r[5];
        Vector512<T> beta = All(damping);
        (Vector512<T> w0, Vector512<T> w1, Vector512<T> w2) = (All(s), All(w[0]), All(w[1]));
        (Vector512<T> w3, Vector512<T> w4, Vector512<T> w5) = (All(w[2]), All(w[3]), All(w[4]));
        int i = at.Start;
        for (; i <= at.End - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            Vector512<T> one = Vector512.Load(z + i);
            Vector512<T> sum = w0 * Vector512.Load(r[0] + i);
            Vector512<T> other = w1 * Moved(x1 + i, one, beta, r1 + i);
            sum = Vectors.MultiplyAdd(w2, Moved(x2 + i, one, beta, r2 + i), sum);
            other = Vectors.MultiplyAdd(w3, Moved(x3 + i, one, beta, r3 + i), other);
            sum = Vectors.MultiplyAdd(w4, Moved(x4 + i, one, beta, r4 + i), sum);
            other = Vectors.MultiplyAdd(w5, Moved(x5 + i, one, beta, r5 + i), other);
            // What is longest comes last, so that it is rounded once.
            (Vector512.Load(from + i) + (sum + other)).Store(y + i);
        }
        for (; i < at.End; i++)
        {
            T sum = T.CreateTruncating(s) * r[0][i];
            for (int k = 1; k <= Together; k++)
                sum += T.CreateTruncating(w[k - 1]) * (x[k][i] - z[i] + (T.CreateTruncating(damping) * r[k][i]));
            y[i] = from[i] + sum;
        }
    }

    /// <summary>One element.</summary>
    private static void Add(int i, T* a, T* b, T** x, Span<double> ofDifference, Span<double> ofA)
    {
        for (int k = 0; k < Together; k++)
        {
            double d = double.CreateTruncating(x[k][i] - x[k + 1][i]);
            ofDifference[k] += double.CreateTruncating(a[i] - b[i]) * d;
            ofA[k] += double.CreateTruncating(a[i]) * d;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Moved(T* x, Vector512<T> z, Vector512<T> beta, T* r) =>
        Vectors.MultiplyAdd(beta, Vector512.Load(r), Vector512.Load(x) - z);

    private static Vector512<T> All(double number) => Vector512.Create(T.CreateTruncating(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(Span<double> to, Vector256<double> sums) =>
        (Vector256.Create<double>(to) + sums).CopyTo(to);

    /// <summary>Two sums on their way.</summary>
    private struct Both<TSum>
        where TSum : unmanaged
    {
        public Lanes<T, TSum> OfDifference;
        public Lanes<T, TSum> OfA;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<T> d, Vector512<T> difference, Vector512<T> a)
        {
            OfDifference.Add(d, difference);
            OfA.Add(d, a);
        }
    }
}
