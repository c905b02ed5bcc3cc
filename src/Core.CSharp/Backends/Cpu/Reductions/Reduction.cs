using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Reductions in a fixed order, so that a result depends on the numbers and their count only: leaves of 32 vectors, then a
/// balanced tree (pairwise summation, Higham 2002, §4.2: the error grows with the logarithm of the count).
/// </summary>
internal static unsafe class Reduction
{
    public const int LeafVectors = 32;

    /// <summary>Rows of at most so many elements are combined one by one.</summary>
    private const int ShortRow = 4;

    /// <summary>The n elements combined; the neutral element if there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Fold<TOp, V, T>(T* x, nint n)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        return AcrossLanes<TOp, V, T>(FoldLanes<TOp, V, T>(x, n));
    }

    /// <summary>Each of some rows that follow one another combined, as <see cref="Fold"/> combines it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FoldRows<TOp, V, T>(T* x, int length, T* y, nint rows)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (length <= ShortRow && V.Count > 1)
            FoldShortRows<TOp, T>(x, length, y, rows);
        else if (typeof(TOp) == typeof(Folds.Sum) && length <= V.Count)
            SumRows<V, T>(x, length, y, rows);
        else
            for (nint i = 0; i < rows; i++, x += length)
                y[i] = Fold<TOp, V, T>(x, length);
    }

    /// <summary>Sums of rows of at most a vector, four side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows<V, T>(T* x, int length, T* y, nint rows)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        V zero = V.Broadcast(T.Zero);
        V first = V.FromBits(ulong.MaxValue >> (64 - length));
        nint i = 0;
        for (; i + 4 <= rows; i += 4, x += 4 * length)
            V.Sums(Row(x), Row(x + length), Row(x + (2 * length)), Row(x + (3 * length)), y + i);
        for (; i < rows; i++, x += length)
            y[i] = V.Sum(Row(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V Row(T* row) => zero + V.Select(first, V.LoadPart(row, length), zero);
    }

    /// <summary>
    /// Rows of a few elements, such as points of the plane: vectors of them would be empty for the most part. In lanes they would be combined from
    /// afar, those two apart first, after one with the neutral element, which makes 0 of −0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FoldShortRows<TOp, T>(T* x, int length, T* y, nint rows)
        where TOp : struct, IFold
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        T neutral = TOp.Neutral<T>();
        for (nint i = 0; i < rows; i++, x += length)
        {
            T even = TOp.Combine(neutral, x[0]);
            T odd = length > 1 ? TOp.Combine(neutral, x[1]) : neutral;
            if (length > 2)
                even = TOp.Combine(even, x[2]);
            if (length > 3)
                odd = TOp.Combine(odd, x[3]);
            y[i] = TOp.Combine(even, odd);
        }
    }

    /// <summary>The first lanes combined, as <see cref="Fold"/> combines so many elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T FoldFirst<TOp, V, T>(V x, int count)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        V neutral = V.Broadcast(TOp.Neutral<T>());
        V first = V.FromBits((1UL << count) - 1);
        return AcrossLanes<TOp, V, T>(TOp.Apply(neutral, V.Select(first, x, neutral)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AcrossLanes<TOp, V, T>(V folded)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (typeof(TOp) == typeof(Folds.Sum))
            return V.Sum(folded);
        T* lanes = (T*)&folded;
        for (int width = V.Count / 2; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
                lanes[i] = TOp.Combine(lanes[i], lanes[i + width]);
        }
        return lanes[0];
    }

    /// <summary>
    /// The position of the extreme element, the first of equals, that of the first NaN if there is one; n &gt; 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nint IndexOfExtreme<TOp, V, T>(T* x, nint n, out T extreme)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        extreme = Fold<TOp, V, T>(x, n);
        return IndexOf<V, T>(x, n, extreme);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V FoldLanes<TOp, V, T>(T* x, nint n)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        nint leaf = LeafVectors * V.Count;
        if (n <= leaf)
            return FoldLeaf<TOp, V, T>(x, n);
        nint left = (n / leaf + 1) / 2 * leaf;
        return TOp.Apply(FoldLanes<TOp, V, T>(x, left), FoldLanes<TOp, V, T>(x + left, n - left));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V FoldLeaf<TOp, V, T>(T* x, nint n)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        V neutral = V.Broadcast(TOp.Neutral<T>());
        V s0 = neutral;
        V s1 = neutral;
        V s2 = neutral;
        V s3 = neutral;
        nint i = 0;
        for (; i + 4 * V.Count <= n; i += 4 * V.Count)
        {
            s0 = TOp.Apply(s0, V.Load(x + i));
            s1 = TOp.Apply(s1, V.Load(x + i + V.Count));
            s2 = TOp.Apply(s2, V.Load(x + i + 2 * V.Count));
            s3 = TOp.Apply(s3, V.Load(x + i + 3 * V.Count));
        }
        for (; i + V.Count <= n; i += V.Count)
            s0 = TOp.Apply(s0, V.Load(x + i));
        if (i < n)
        {
            V first = V.FromBits((1UL << (int)(n - i)) - 1);
            s1 = TOp.Apply(s1, V.Select(first, V.LoadPart(x + i, (int)(n - i)), neutral));
        }
        return TOp.Apply(TOp.Apply(s0, s1), TOp.Apply(s2, s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint IndexOf<V, T>(T* x, nint n, T value)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>
    {
        V wanted = V.Broadcast(value);
        bool isNaN = T.IsNaN(value);
        nint i = 0;
        for (; i + V.Count <= n; i += V.Count)
        {
            V v = V.Load(x + i);
            ulong all = ulong.MaxValue >> (64 - V.Count);
            ulong bits = isNaN ? all & ~V.ToBits(V.Equal(v, v)) : V.ToBits(V.Equal(v, wanted));
            if (bits != 0)
                return i + BitOperations.TrailingZeroCount(bits);
        }
        while (i < n && !(isNaN ? T.IsNaN(x[i]) : x[i] == value))
            i++;
        return i;
    }
}
