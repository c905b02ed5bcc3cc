using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Solvers;

/// <summary>
/// Passes over vectors that sum products on their way, in lanes of <typeparamref name="TSum"/>: the vectors' own type takes a sixth of the time
/// of double, and the rounding of its short chains is that of the vectors; but squares must be within its range
/// (<see cref="IsInRange"/>), or all is computed once more in double.
/// </summary>
/// <typeparam name="T">The type of the vectors, float or double.</typeparam>
/// <typeparam name="TSum">The same, or double.</typeparam>
internal static class LaneSums<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged
{
    /// <summary>Whether a sum of squares has lost nothing at either end of the range of its lanes.</summary>
    public static bool IsInRange(double square) => typeof(TSum) == typeof(double) || square is > 1e-24 and < 1e36;

    /// <summary>⟨a, b⟩.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        Lanes lanes = default;
        int i = 0;
        for (; i <= a.Length - Lanes.Count; i += Lanes.Count)
            lanes.Add(At(ref left, i), At(ref right, i));
        double sum = lanes.Sum;
        for (; i < a.Length; i++)
            sum += Product(a[i], b[i]);
        return sum;
    }

    /// <summary>‖a‖² and ‖a + b‖².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double OfFirst, double OfSum) Squares(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        (Lanes first, Lanes second) = (default, default);
        int i = 0;
        for (; i <= a.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<T> x = At(ref left, i);
            Vector512<T> y = x + At(ref right, i);
            first.Add(x, x);
            second.Add(y, y);
        }
        (double ofFirst, double ofSum) = (first.Sum, second.Sum);
        for (; i < a.Length; i++)
        {
            T y = a[i] + b[i];
            (ofFirst, ofSum) = (ofFirst + Product(a[i], a[i]), ofSum + Product(y, y));
        }
        return (ofFirst, ofSum);
    }

    /// <summary>y ← a − b, and its products with c and with itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double WithC, double Square) Subtract(
        Span<T> y,
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        ReadOnlySpan<T> c
    )
    {
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        ref T other = ref MemoryMarshal.GetReference(c);
        (Lanes first, Lanes second) = (default, default);
        int i = 0;
        for (; i <= y.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<T> x = At(ref left, i) - At(ref right, i);
            x.StoreUnsafe(ref to, (nuint)i);
            first.Add(x, At(ref other, i));
            second.Add(x, x);
        }
        (double withC, double square) = (first.Sum, second.Sum);
        for (; i < y.Length; i++)
        {
            y[i] = a[i] - b[i];
            (withC, square) = (withC + Product(y[i], c[i]), square + Product(y[i], y[i]));
        }
        return (withC, square);
    }

    /// <summary>y ← y + s·x, and then ⟨y, z⟩.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Add(Span<T> y, double s, ReadOnlySpan<T> x, ReadOnlySpan<T> z)
    {
        T scale = T.CreateTruncating(s);
        Vector512<T> factor = Vector512.Create(scale);
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(x);
        ref T other = ref MemoryMarshal.GetReference(z);
        Lanes lanes = default;
        int i = 0;
        for (; i <= y.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<T> sum = Lanes.MultiplyAdd(factor, At(ref from, i), At(ref to, i));
            sum.StoreUnsafe(ref to, (nuint)i);
            lanes.Add(sum, At(ref other, i));
        }
        double product = lanes.Sum;
        for (; i < y.Length; i++)
        {
            y[i] += scale * x[i];
            product += Product(y[i], z[i]);
        }
        return product;
    }

    /// <summary>y ← a + s·b + t·c + u·d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(
        Span<T> y,
        ReadOnlySpan<T> a,
        double s,
        ReadOnlySpan<T> b,
        double t,
        ReadOnlySpan<T> c,
        double u,
        ReadOnlySpan<T> d
    )
    {
        (T ofB, T ofC, T ofD) = (T.CreateTruncating(s), T.CreateTruncating(t), T.CreateTruncating(u));
        (Vector512<T> fB, Vector512<T> fC, Vector512<T> fD) = (
            Vector512.Create(ofB),
            Vector512.Create(ofC),
            Vector512.Create(ofD)
        );
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(a);
        ref T fromB = ref MemoryMarshal.GetReference(b);
        ref T fromC = ref MemoryMarshal.GetReference(c);
        ref T fromD = ref MemoryMarshal.GetReference(d);
        int i = 0;
        for (; i <= y.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<T> sum = Lanes.MultiplyAdd(fB, At(ref fromB, i), At(ref from, i));
            sum = Lanes.MultiplyAdd(fC, At(ref fromC, i), sum);
            Lanes.MultiplyAdd(fD, At(ref fromD, i), sum).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < y.Length; i++)
            y[i] = a[i] + (ofB * b[i]) + (ofC * c[i]) + (ofD * d[i]);
    }

    /// <summary>x ← s·x, and y ← a + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndAdd(Span<T> y, ReadOnlySpan<T> a, double s, Span<T> x)
    {
        T scale = T.CreateTruncating(s);
        Vector512<T> factor = Vector512.Create(scale);
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(a);
        ref T scaled = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= y.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<T> value = factor * At(ref scaled, i);
            value.StoreUnsafe(ref scaled, (nuint)i);
            (At(ref from, i) + value).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < y.Length; i++)
        {
            x[i] *= scale;
            y[i] = a[i] + x[i];
        }
    }

    /// <summary>Four products of two vectors with two, which share all loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DotTwoByTwo(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        ReadOnlySpan<T> c,
        ReadOnlySpan<T> d,
        Span<double> ofA,
        Span<double> ofB
    )
    {
        ref T left0 = ref MemoryMarshal.GetReference(a);
        ref T left1 = ref MemoryMarshal.GetReference(b);
        ref T right0 = ref MemoryMarshal.GetReference(c);
        ref T right1 = ref MemoryMarshal.GetReference(d);
        (Lanes ac, Lanes ad, Lanes bc, Lanes bd) = (default, default, default, default);
        int i = 0;
        for (; i <= a.Length - Lanes.Count; i += Lanes.Count)
        {
            (Vector512<T> x, Vector512<T> y) = (At(ref left0, i), At(ref left1, i));
            (Vector512<T> u, Vector512<T> v) = (At(ref right0, i), At(ref right1, i));
            ac.Add(x, u);
            ad.Add(x, v);
            bc.Add(y, u);
            bd.Add(y, v);
        }
        (ofA[0], ofA[1]) = (ac.Sum, ad.Sum);
        (ofB[0], ofB[1]) = (bc.Sum, bd.Sum);
        for (; i < a.Length; i++)
        {
            (ofA[0], ofA[1]) = (ofA[0] + Product(a[i], c[i]), ofA[1] + Product(a[i], d[i]));
            (ofB[0], ofB[1]) = (ofB[0] + Product(b[i], c[i]), ofB[1] + Product(b[i], d[i]));
        }
    }

    /// <summary>The products of two vectors with the first of some others, which are read once for both.</summary>
    public static void DotAll<TVectors>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        TVectors others,
        Span<double> ofA,
        Span<double> ofB
    )
        where TVectors : struct, Linear.IVectors<T>
    {
        int k = 0;
        for (; k <= ofA.Length - 2; k += 2)
            DotTwoByTwo(a, b, others[k], others[k + 1], ofA.Slice(k, 2), ofB.Slice(k, 2));
        for (; k < ofA.Length; k++)
            (ofA[k], ofB[k]) = (Dot(others[k], a), Dot(others[k], b));
    }

    private static double Product(T a, T b) => double.CreateTruncating(a) * double.CreateTruncating(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> At(ref T from, int at) => Vector512.LoadUnsafe(ref from, (nuint)at);

    /// <summary>Sums on their way; those of the upper halves of vectors have lanes of their own where lanes are wider than elements.</summary>
    private struct Lanes
    {
        private Vector512<TSum> lower;
        private Vector512<double> upper;

        /// <summary>The elements of a vector.</summary>
        public static int Count => Vector512<T>.Count;

        public readonly double Sum
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                if (typeof(TSum) == typeof(T) && typeof(T) == typeof(float))
                {
                    (Vector512<double> low, Vector512<double> high) = Vector512.Widen(lower.AsSingle());
                    return Vector512.Sum(low + high);
                }
                return Vector512.Sum(typeof(T) == typeof(float) ? lower.AsDouble() + upper : lower.AsDouble());
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<T> a, Vector512<T> b)
        {
            if (typeof(TSum) == typeof(T))
            {
                lower = MultiplyAdd(a, b, lower.As<TSum, T>()).As<T, TSum>();
                return;
            }
            (Vector512<double> aLow, Vector512<double> aHigh) = Vector512.Widen(a.AsSingle());
            (Vector512<double> bLow, Vector512<double> bHigh) = Vector512.Widen(b.AsSingle());
            lower = Vector512.FusedMultiplyAdd(aLow, bLow, lower.AsDouble()).As<double, TSum>();
            upper = Vector512.FusedMultiplyAdd(aHigh, bHigh, upper);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> sum) =>
            typeof(T) == typeof(float)
                ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), sum.AsSingle()).As<float, T>()
                : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), sum.AsDouble()).As<double, T>();
    }
}
