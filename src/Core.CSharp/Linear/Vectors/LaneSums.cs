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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreFinite(Vector256<double> sums) =>
        typeof(TSum) == typeof(double) || Vector256.EqualsAll(sums - sums, Vector256<double>.Zero);

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

    /// <summary>y ← y + a·u + b·v, and then ⟨y, v⟩ and ⟨y, w⟩, of vectors in the same place of larger ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe (double WithV, double WithW) AddTwo(
        (int Start, int End) at,
        T* y,
        double a,
        T* u,
        double b,
        T* v,
        T* w
    )
    {
        (T ofU, T ofV) = (T.CreateTruncating(a), T.CreateTruncating(b));
        (Vector512<T> fU, Vector512<T> fV) = (Vector512.Create(ofU), Vector512.Create(ofV));
        (double withV, double withW) = (0.0, 0.0);
        int i = at.Start;
        while (i <= at.End - Lanes<T, TSum>.Count)
        {
            (Lanes<T, TSum> first, Lanes<T, TSum> second) = (default, default);
            for (int end = Lanes<T, TSum>.End(i, at.End); i < end; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> one = Vector512.Load(v + i);
                Vector512<T> sum = Vectors.MultiplyAdd(fU, Vector512.Load(u + i), Vector512.Load(y + i));
                sum = Vectors.MultiplyAdd(fV, one, sum);
                sum.Store(y + i);
                first.Add(sum, one);
                second.Add(sum, Vector512.Load(w + i));
            }
            Vector256<double> sums = Lanes<T, TSum>.Sums(first, second, first, second);
            (withV, withW) = (withV + sums[0], withW + sums[1]);
        }
        for (; i < at.End; i++)
        {
            y[i] += (ofU * u[i]) + (ofV * v[i]);
            (withV, withW) = (withV + Product(y[i], v[i]), withW + Product(y[i], w[i]));
        }
        return (withV, withW);
    }

    private static double Product(T a, T b) => double.CreateTruncating(a) * double.CreateTruncating(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> At(ref T from, int at) => Vector512.LoadUnsafe(ref from, (nuint)at);
}
