using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>
/// Passes over differences of vectors: of those that follow each other, or of each and one that is the same for all. A difference is made of the
/// vectors where it is needed, so it takes no memory. All vectors are in the same place of larger ones, from <c>at.Start</c> to <c>at.End</c>.
/// </summary>
/// <typeparam name="T">The type of the vectors, float or double.</typeparam>
internal static unsafe class Differences<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>How many a pass takes.</summary>
    public const int Together = 5;

    /// <summary>
    /// ⟨a − b, dₖ⟩ and ⟨a, dₖ⟩, where dₖ = xₖ − xₖ₊₁ of x₀ to x₅, summed in lanes of <typeparamref name="TSum"/>; false if sums have left their range.
    /// After the last of fewer vectors stands that one again, whose differences are zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Products<TSum>((int Start, int End) at, T* a, T* b, T** x, double* ofDifference, double* ofA)
        where TSum : unmanaged
    {
        T* x0 = x[0];
        T* x1 = x[1];
        T* x2 = x[2];
        T* x3 = x[3];
        T* x4 = x[4];
        T* x5 = x[5];
        (Vector256<double> withDifference, Vector256<double> withA, Vector256<double> withLast) = (
            default,
            default,
            default
        );
        int i = at.Start;
        while (i <= at.End - Lanes<T, TSum>.Count)
        {
            Both<TSum> s0 = default;
            Both<TSum> s1 = default;
            Both<TSum> s2 = default;
            Both<TSum> s3 = default;
            Both<TSum> s4 = default;
            for (int stop = Lanes<T, TSum>.End(i, at.End); i < stop; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> first = Vector512.Load(a + i);
                Vector512<T> difference = first - Vector512.Load(b + i);
                Vector512<T> before = Vector512.Load(x1 + i);
                s0.Add(Vector512.Load(x0 + i) - before, difference, first);
                Vector512<T> next = Vector512.Load(x2 + i);
                s1.Add(before - next, difference, first);
                before = Vector512.Load(x3 + i);
                s2.Add(next - before, difference, first);
                next = Vector512.Load(x4 + i);
                s3.Add(before - next, difference, first);
                s4.Add(next - Vector512.Load(x5 + i), difference, first);
            }
            withDifference += Lanes<T, TSum>.Sums(s0.OfDifference, s1.OfDifference, s2.OfDifference, s3.OfDifference);
            withA += Lanes<T, TSum>.Sums(s0.OfA, s1.OfA, s2.OfA, s3.OfA);
            withLast += Lanes<T, TSum>.Sums(s4.OfDifference, s4.OfA, s4.OfDifference, s4.OfA);
        }
        withDifference.Store(ofDifference);
        withA.Store(ofA);
        (ofDifference[4], ofA[4]) = (withLast[0], withLast[1]);
        for (; i < at.End; i++)
            Add(i, a, b, x, ofDifference, ofA);
        return LaneSums<T, TSum>.AreFinite(withDifference + withA + withLast);
    }

    /// <summary>y ← from + Σ wₖ·(oₖ − x), k from 0 to 4, where x ← z + β·r is made on the way; from may be x or y.</summary>
    /// <param name="at">Where the vectors are.</param>
    /// <param name="y">y.</param>
    /// <param name="from">What is added to.</param>
    /// <param name="x">x.</param>
    /// <param name="z">z.</param>
    /// <param name="beta">β.</param>
    /// <param name="r">r.</param>
    /// <param name="others">o₀ to o₄.</param>
    /// <param name="w">w₀ to w₄, each <paramref name="stride"/> numbers behind the one before.</param>
    /// <param name="stride">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(
        (int Start, int End) at,
        T* y,
        T* from,
        T* x,
        T* z,
        double beta,
        T* r,
        T** others,
        double* w,
        int stride
    )
    {
        T* o0 = others[0];
        T* o1 = others[1];
        T* o2 = others[2];
        T* o3 = others[3];
        T* o4 = others[4];
        (Vector512<T> w0, Vector512<T> w1, Vector512<T> w2) = (All(w[0]), All(w[stride]), All(w[2 * stride]));
        (Vector512<T> w3, Vector512<T> w4, Vector512<T> ofR) = (All(w[3 * stride]), All(w[4 * stride]), All(beta));
        int i = at.Start;
        for (; i <= at.End - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            Vector512<T> newest = Vectors.MultiplyAdd(ofR, Vector512.Load(r + i), Vector512.Load(z + i));
            newest.Store(x + i);
            Vector512<T> sum = w0 * (Vector512.Load(o0 + i) - newest);
            Vector512<T> other = w1 * (Vector512.Load(o1 + i) - newest);
            sum = Vectors.MultiplyAdd(w2, Vector512.Load(o2 + i) - newest, sum);
            other = Vectors.MultiplyAdd(w3, Vector512.Load(o3 + i) - newest, other);
            sum = Vectors.MultiplyAdd(w4, Vector512.Load(o4 + i) - newest, sum);
            // What is longest comes last, so that it is rounded once.
            (Vector512.Load(from + i) + (sum + other)).Store(y + i);
        }
        for (; i < at.End; i++)
        {
            x[i] = z[i] + (T.CreateTruncating(beta) * r[i]);
            T sum = T.Zero;
            for (int k = 0; k < Together; k++)
                sum += T.CreateTruncating(w[k * stride]) * (others[k][i] - x[i]);
            y[i] = from[i] + sum;
        }
    }

    /// <summary>One element.</summary>
    private static void Add(int i, T* a, T* b, T** x, double* ofDifference, double* ofA)
    {
        for (int k = 0; k < Together; k++)
        {
            double d = double.CreateTruncating(x[k][i] - x[k + 1][i]);
            ofDifference[k] += double.CreateTruncating(a[i] - b[i]) * d;
            ofA[k] += double.CreateTruncating(a[i]) * d;
        }
    }

    private static Vector512<T> All(double number) => Vector512.Create(T.CreateTruncating(number));

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
