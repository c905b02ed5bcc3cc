using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Reductions of columns side by side, in an order that depends on the number of rows only: leaves of as many rows as <see cref="Reduction"/>
/// has vectors, the even and the odd ones apart, then a balanced tree.
/// </summary>
internal static unsafe class ColumnFolds
{
    public const int LeafRows = Reduction.LeafVectors;

    /// <summary>y[j] = the <paramref name="rows"/> elements x[j + r·stride] combined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FoldRows<TOp, V, T>(T* x, nint rows, nint stride, T* y, nint n)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        V* folded = stackalloc V[4];
        nint j = 0;
        for (; n - j > 3 * V.Count; j += 4 * V.Count)
        {
            Abreast<TOp, V, T>(x + j, rows, stride, n - j, folded);
            for (int i = 0; i < 4; i++)
                Lane.Store(folded[i], y + j + (i * V.Count), n - j - (i * V.Count));
        }
        for (; j < n; j += V.Count)
            Lane.Store(FoldColumn<TOp, V, T>(x + j, rows, stride, n - j), y + j, n - j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V FoldColumn<TOp, V, T>(T* x, nint rows, nint stride, nint left)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (rows <= LeafRows)
            return FoldColumnLeaf<TOp, V, T>(x, rows, stride, left);
        nint top = TopRows(rows);
        V upper = FoldColumn<TOp, V, T>(x, top, stride, left);
        return TOp.Apply(upper, FoldColumn<TOp, V, T>(x + top * stride, rows - top, stride, left));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V FoldColumnLeaf<TOp, V, T>(T* x, nint rows, nint stride, nint left)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        V even = V.Broadcast(TOp.Neutral<T>());
        V odd = even;
        nint r = 0;
        for (; r + 2 <= rows; r += 2, x += 2 * stride)
        {
            even = TOp.Apply(even, Lane.Load<V, T>(x, left));
            odd = TOp.Apply(odd, Lane.Load<V, T>(x + stride, left));
        }
        if (r < rows)
            even = TOp.Apply(even, Lane.Load<V, T>(x, left));
        return TOp.Apply(even, odd);
    }

    /// <summary>Four vectors of columns at once, of which the last may be a part: one alone waits for its own sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Abreast<TOp, V, T>(T* x, nint rows, nint stride, nint left, V* folded)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (rows <= LeafRows)
        {
            AbreastLeaf<TOp, V, T>(x, rows, stride, left, folded);
            return;
        }
        V* lower = stackalloc V[4];
        nint top = TopRows(rows);
        Abreast<TOp, V, T>(x, top, stride, left, folded);
        Abreast<TOp, V, T>(x + top * stride, rows - top, stride, left, lower);
        for (int i = 0; i < 4; i++)
            folded[i] = TOp.Apply(folded[i], lower[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AbreastLeaf<TOp, V, T>(T* x, nint rows, nint stride, nint left, V* folded)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        V even0 = V.Broadcast(TOp.Neutral<T>());
        V even1 = even0,
            even2 = even0,
            even3 = even0;
        V odd0 = even0,
            odd1 = even0,
            odd2 = even0,
            odd3 = even0;
        AbreastRows<TOp, V, T>(
            x,
            rows,
            stride,
            left,
            ref even0,
            ref even1,
            ref even2,
            ref even3,
            ref odd0,
            ref odd1,
            ref odd2,
            ref odd3
        );
        folded[0] = TOp.Apply(even0, odd0);
        folded[1] = TOp.Apply(even1, odd1);
        folded[2] = TOp.Apply(even2, odd2);
        folded[3] = TOp.Apply(even3, odd3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AbreastRows<TOp, V, T>(
        T* x,
        nint rows,
        nint stride,
        nint left,
        ref V even0,
        ref V even1,
        ref V even2,
        ref V even3,
        ref V odd0,
        ref V odd1,
        ref V odd2,
        ref V odd3
    )
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        nint r = 0;
        for (; r + 2 <= rows; r += 2, x += 2 * stride)
        {
            AddRow<TOp, V, T>(x, left, ref even0, ref even1, ref even2, ref even3);
            AddRow<TOp, V, T>(x + stride, left, ref odd0, ref odd1, ref odd2, ref odd3);
        }
        if (r < rows)
            AddRow<TOp, V, T>(x, left, ref even0, ref even1, ref even2, ref even3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TOp, V, T>(T* x, nint left, ref V s0, ref V s1, ref V s2, ref V s3)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        s0 = TOp.Apply(s0, V.Load(x));
        s1 = TOp.Apply(s1, V.Load(x + V.Count));
        s2 = TOp.Apply(s2, V.Load(x + 2 * V.Count));
        s3 = TOp.Apply(s3, Lane.Load<V, T>(x + 3 * V.Count, left - 3 * V.Count));
    }

    /// <summary>
    /// Adds some rows of a leaf that come one after the other: those at even places to the one running result, those at odd places to the other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRows<TOp, V, T>(T* x, nint rows, nint n, T* even, T* odd)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        nint j = 0;
        for (; n - j >= 4 * V.Count; j += 4 * V.Count)
            AddAbreast<TOp, V, T>(x + j, rows, n, even + j, odd + j);
        for (; j < n; j += V.Count)
        {
            V first = Lane.Load<V, T>(even + j, n - j);
            V second = Lane.Load<V, T>(odd + j, n - j);
            T* row = x + j;
            nint r = 0;
            for (; r + 2 <= rows; r += 2, row += 2 * n)
            {
                first = TOp.Apply(first, Lane.Load<V, T>(row, n - j));
                second = TOp.Apply(second, Lane.Load<V, T>(row + n, n - j));
            }
            if (r < rows)
                first = TOp.Apply(first, Lane.Load<V, T>(row, n - j));
            Lane.Store(first, even + j, n - j);
            Lane.Store(second, odd + j, n - j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddAbreast<TOp, V, T>(T* x, nint rows, nint stride, T* even, T* odd)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        (V even0, V even1) = (V.Load(even), V.Load(even + V.Count));
        (V even2, V even3) = (V.Load(even + (2 * V.Count)), V.Load(even + (3 * V.Count)));
        (V odd0, V odd1) = (V.Load(odd), V.Load(odd + V.Count));
        (V odd2, V odd3) = (V.Load(odd + (2 * V.Count)), V.Load(odd + (3 * V.Count)));
        AbreastRows<TOp, V, T>(
            x,
            rows,
            stride,
            4 * V.Count,
            ref even0,
            ref even1,
            ref even2,
            ref even3,
            ref odd0,
            ref odd1,
            ref odd2,
            ref odd3
        );
        V.Store(even0, even);
        V.Store(even1, even + V.Count);
        V.Store(even2, even + (2 * V.Count));
        V.Store(even3, even + (3 * V.Count));
        V.Store(odd0, odd);
        V.Store(odd1, odd + V.Count);
        V.Store(odd2, odd + (2 * V.Count));
        V.Store(odd3, odd + (3 * V.Count));
    }

    /// <summary>How many results are under way at once where leaves are folded one after the other.</summary>
    public static int Depth(nint rows)
    {
        if (rows <= LeafRows)
            return 2;
        nint top = TopRows(rows);
        return Math.Max(Depth(top), 1 + Depth(rows - top));
    }

    /// <summary>The rows of the upper branch of the tree of more rows than a leaf has.</summary>
    public static nint TopRows(nint rows) => (rows / LeafRows + 1) / 2 * LeafRows;
}
