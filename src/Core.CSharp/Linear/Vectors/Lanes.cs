using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Linear;

/// <summary>A sum of products on its way; the sums of the upper halves of vectors have lanes of their own where lanes are wider than elements.</summary>
internal struct Lanes<T, TSum>
    where T : unmanaged
    where TSum : unmanaged
{
    /// <summary>The most vectors in one chain of additions, whose rounding grows with its length.</summary>
    private const int Longest = 64;

    private Vector512<TSum> lower;
    private Vector512<double> upper;

    /// <summary>The elements of a vector.</summary>
    public static int Count => Vector512<T>.Count;

    /// <summary>The sum of all lanes.</summary>
    public readonly double Sum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vectors.Sum(Wide);
    }

    /// <summary>What is left to sum, in double.</summary>
    public readonly Vector512<double> Wide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (typeof(TSum) == typeof(T) && typeof(T) == typeof(float))
            {
                (Vector512<double> low, Vector512<double> high) = Vector512.Widen(lower.AsSingle());
                return low + high;
            }
            return typeof(T) == typeof(float) ? lower.AsDouble() + upper : lower.AsDouble();
        }
    }

    /// <summary>Four sums together, by a third of the steps that each takes by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Sums(Lanes<T, TSum> a, Lanes<T, TSum> b, Lanes<T, TSum> c, Lanes<T, TSum> d)
    {
        if (!Avx.IsSupported)
            return Vector256.Create(a.Sum, b.Sum, c.Sum, d.Sum);
        if (typeof(TSum) == typeof(float))
        {
            Vector256<float> halves = Avx.HorizontalAdd(
                Avx.HorizontalAdd(Half(a.lower.AsSingle()), Half(b.lower.AsSingle())),
                Avx.HorizontalAdd(Half(c.lower.AsSingle()), Half(d.lower.AsSingle()))
            );
            return Avx.ConvertToVector256Double(halves.GetLower() + halves.GetUpper());
        }
        Vector256<double> ab = Avx.HorizontalAdd(Half(a.Wide), Half(b.Wide));
        Vector256<double> cd = Avx.HorizontalAdd(Half(c.Wide), Half(d.Wide));
        return Vector256.Create(ab.GetLower(), cd.GetLower()) + Vector256.Create(ab.GetUpper(), cd.GetUpper());
    }

    /// <summary>Where a chain of whole vectors ends that begins at an element; the next one begins there.</summary>
    public static int End(int start, int length) => start + (Math.Min(length - start, Longest * Count) & -Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<T> a, Vector512<T> b)
    {
        if (typeof(TSum) == typeof(T))
        {
            lower = Vectors.MultiplyAdd(a, b, lower.As<TSum, T>()).As<T, TSum>();
            return;
        }
        (Vector512<double> aLow, Vector512<double> aHigh) = Vector512.Widen(a.AsSingle());
        (Vector512<double> bLow, Vector512<double> bHigh) = Vector512.Widen(b.AsSingle());
        lower = Vector512.FusedMultiplyAdd(aLow, bLow, lower.AsDouble()).As<double, TSum>();
        upper = Vector512.FusedMultiplyAdd(aHigh, bHigh, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<TLane> Half<TLane>(Vector512<TLane> lanes) => lanes.GetLower() + lanes.GetUpper();
}
