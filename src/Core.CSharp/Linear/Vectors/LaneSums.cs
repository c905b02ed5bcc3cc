using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>
/// Passes over vectors that sum products on their way, in lanes of <typeparamref name="TSum"/>: the vectors' own type takes a sixth of the time
/// of double, and the rounding of its chains, which are cut short, is that of the vectors; but squares must be within its range
/// (<see cref="IsInRange"/>) and products finite (<see cref="AreFinite"/>), or all is computed once more in double.
/// </summary>
/// <typeparam name="T">The type of the vectors, float or double.</typeparam>
/// <typeparam name="TSum">The same, or double.</typeparam>
internal static partial class LaneSums<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged
{
    /// <summary>Whether a sum of squares has lost nothing at either end of the range of its lanes.</summary>
    public static bool IsInRange(double square) => typeof(TSum) == typeof(double) || square is > 1e-24 and < 1e36;

    /// <summary>The same of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreInRange(Vector256<double> squares) =>
        typeof(TSum) == typeof(double)
        || Vector256.GreaterThanAll(squares, Vector256.Create(1e-24))
            && Vector256.LessThanAll(squares, Vector256.Create(1e36));

    /// <summary>Whether no sum has overflowed its lanes: what has is infinite or NaN, whatever was added to it.</summary>
    public static bool AreFinite(ReadOnlySpan<double> sums)
    {
        if (typeof(TSum) == typeof(double))
            return true;
        double all = 0.0;
        foreach (double sum in sums)
            all += sum;
        return double.IsFinite(all);
    }

    /// <summary>⟨a, b⟩.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        if (typeof(TSum) == typeof(double))
            return Vectors.Dot(a, b);
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        double sum = 0.0;
        int i = 0;
        while (i <= a.Length - Lanes<T, TSum>.Count)
        {
            Lanes<T, TSum> lanes = default;
            for (int end = Lanes<T, TSum>.End(i, a.Length); i < end; i += Lanes<T, TSum>.Count)
                lanes.Add(At(ref left, i), At(ref right, i));
            sum += lanes.Sum;
        }
        for (; i < a.Length; i++)
            sum += Product(a[i], b[i]);
        return sum;
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
        (double withC, double square) = (0.0, 0.0);
        int i = 0;
        while (i <= y.Length - Lanes<T, TSum>.Count)
        {
            (Lanes<T, TSum> first, Lanes<T, TSum> second) = (default, default);
            for (int end = Lanes<T, TSum>.End(i, y.Length); i < end; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> x = At(ref left, i) - At(ref right, i);
                x.StoreUnsafe(ref to, (nuint)i);
                first.Add(x, At(ref other, i));
                second.Add(x, x);
            }
            (withC, square) = (withC + first.Sum, square + second.Sum);
        }
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
        double product = 0.0;
        int i = 0;
        while (i <= y.Length - Lanes<T, TSum>.Count)
        {
            Lanes<T, TSum> lanes = default;
            for (int end = Lanes<T, TSum>.End(i, y.Length); i < end; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> sum = Vectors.MultiplyAdd(factor, At(ref from, i), At(ref to, i));
                sum.StoreUnsafe(ref to, (nuint)i);
                lanes.Add(sum, At(ref other, i));
            }
            product += lanes.Sum;
        }
        for (; i < y.Length; i++)
        {
            y[i] += scale * x[i];
            product += Product(y[i], z[i]);
        }
        return product;
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
        (double ac, double ad, double bc, double bd) = (0.0, 0.0, 0.0, 0.0);
        int i = 0;
        while (i <= a.Length - Lanes<T, TSum>.Count)
        {
            Lanes<T, TSum> xu = default;
            Lanes<T, TSum> xv = default;
            Lanes<T, TSum> yu = default;
            Lanes<T, TSum> yv = default;
            for (int end = Lanes<T, TSum>.End(i, a.Length); i < end; i += Lanes<T, TSum>.Count)
            {
                (Vector512<T> x, Vector512<T> y) = (At(ref left0, i), At(ref left1, i));
                (Vector512<T> u, Vector512<T> v) = (At(ref right0, i), At(ref right1, i));
                xu.Add(x, u);
                xv.Add(x, v);
                yu.Add(y, u);
                yv.Add(y, v);
            }
            (ac, ad) = (ac + xu.Sum, ad + xv.Sum);
            (bc, bd) = (bc + yu.Sum, bd + yv.Sum);
        }
        for (; i < a.Length; i++)
        {
            (ac, ad) = (ac + Product(a[i], c[i]), ad + Product(a[i], d[i]));
            (bc, bd) = (bc + Product(b[i], c[i]), bd + Product(b[i], d[i]));
        }
        (ofA[0], ofA[1]) = (ac, ad);
        (ofB[0], ofB[1]) = (bc, bd);
    }

    /// <summary>The products of two vectors with the first of some others, which are read once for both.</summary>
    public static void DotAll<TVectors>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        TVectors others,
        Span<double> ofA,
        Span<double> ofB
    )
        where TVectors : struct, IVectors<T>
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
}
