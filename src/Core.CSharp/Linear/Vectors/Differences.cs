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
    /// ⟨r₀ − r₁, dₖ⟩ and ⟨r₀, dₖ⟩, and of two rows ⟨r₁ − r₂, dₖ⟩, where dₖ = xₖ − xₖ₊₁ of x₀ to x₅, summed in lanes of <typeparamref name="TSum"/>; false if
    /// sums have left their range. After the last of fewer vectors stands that one again, whose differences are zero.
    /// </summary>
    /// <typeparam name="TSum">The type of sums.</typeparam>
    /// <typeparam name="TRows"><see cref="OneRow"/> or <see cref="TwoRows"/>.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Products<TSum, TRows>(
        (int Start, int End) at,
        T** r,
        T** x,
        double* ofVector,
        double* ofFirst,
        double* ofSecond
    )
        where TSum : unmanaged
    {
        T* r0 = r[0];
        T* r1 = r[1];
        T* r2 = IsOfTwo<TRows>() ? r[2] : r1;
        T* x0 = x[0];
        T* x1 = x[1];
        T* x2 = x[2];
        T* x3 = x[3];
        T* x4 = x[4];
        T* x5 = x[5];
        (Vector256<double> withFirst, Vector256<double> withVector) = (default, default);
        (Vector256<double> withSecond, Vector256<double> withLast) = (default, default);
        int i = at.Start;
        while (i <= at.End - Lanes<T, TSum>.Count)
        {
            Row<TSum, TRows> s0 = default;
            Row<TSum, TRows> s1 = default;
            Row<TSum, TRows> s2 = default;
            Row<TSum, TRows> s3 = default;
            Row<TSum, TRows> s4 = default;
            for (int stop = Lanes<T, TSum>.End(i, at.End); i < stop; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> vector = Vector512.Load(r0 + i);
                Vector512<T> then = Vector512.Load(r1 + i);
                Vector512<T> first = vector - then;
                Vector512<T> second = then - Vector512.Load(r2 + i);
                Vector512<T> before = Vector512.Load(x1 + i);
                s0.Add(Vector512.Load(x0 + i) - before, vector, first, second);
                Vector512<T> next = Vector512.Load(x2 + i);
                s1.Add(before - next, vector, first, second);
                before = Vector512.Load(x3 + i);
                s2.Add(next - before, vector, first, second);
                next = Vector512.Load(x4 + i);
                s3.Add(before - next, vector, first, second);
                s4.Add(next - Vector512.Load(x5 + i), vector, first, second);
            }
            withFirst += Lanes<T, TSum>.Sums(s0.OfFirst, s1.OfFirst, s2.OfFirst, s3.OfFirst);
            withVector += Lanes<T, TSum>.Sums(s0.OfVector, s1.OfVector, s2.OfVector, s3.OfVector);
            if (IsOfTwo<TRows>())
                withSecond += Lanes<T, TSum>.Sums(s0.OfSecond, s1.OfSecond, s2.OfSecond, s3.OfSecond);
            withLast += Lanes<T, TSum>.Sums(s4.OfFirst, s4.OfVector, s4.OfSecond, s4.OfVector);
        }
        Store(withFirst, withLast[0], ofFirst);
        Store(withVector, withLast[1], ofVector);
        if (IsOfTwo<TRows>())
            Store(withSecond, withLast[2], ofSecond);
        for (; i < at.End; i++)
            Add<TRows>(i, r, x, ofVector, ofFirst, ofSecond);
        return LaneSums<T, TSum>.AreFinite(withFirst + withVector + withSecond + withLast);
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

    private static void Store(Vector256<double> sums, double last, double* to)
    {
        sums.Store(to);
        to[4] = last;
    }

    /// <summary>One element.</summary>
    private static void Add<TRows>(int i, T** r, T** x, double* ofVector, double* ofFirst, double* ofSecond)
    {
        for (int k = 0; k < Together; k++)
        {
            double d = double.CreateTruncating(x[k][i] - x[k + 1][i]);
            ofFirst[k] += double.CreateTruncating(r[0][i] - r[1][i]) * d;
            ofVector[k] += double.CreateTruncating(r[0][i]) * d;
            if (IsOfTwo<TRows>())
                ofSecond[k] += double.CreateTruncating(r[1][i] - r[2][i]) * d;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOfTwo<TRows>() => typeof(TRows) == typeof(TwoRows);

    private static Vector512<T> All(double number) => Vector512.Create(T.CreateTruncating(number));

    /// <summary>The sums of one dₖ on their way.</summary>
    private struct Row<TSum, TRows>
        where TSum : unmanaged
    {
        public Lanes<T, TSum> OfFirst;
        public Lanes<T, TSum> OfVector;
        public Lanes<T, TSum> OfSecond;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<T> d, Vector512<T> vector, Vector512<T> first, Vector512<T> second)
        {
            OfFirst.Add(d, first);
            OfVector.Add(d, vector);
            if (IsOfTwo<TRows>())
                OfSecond.Add(d, second);
        }
    }
}

/// <summary>Products of one difference with all.</summary>
internal readonly struct OneRow;

/// <summary>Products of two differences that follow each other.</summary>
internal readonly struct TwoRows;
