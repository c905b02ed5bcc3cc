using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Reductions of columns side by side, in an order that depends on the number of rows only: leaves of as many rows as <see cref="Reduction"/>
/// has vectors, the even and the odd ones apart, then a balanced tree.
/// </summary>
internal static unsafe class ColumnFolds
{
    private const int LeafRows = Reduction.LeafVectors;

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
        nint r = 0;
        for (; r + 2 <= rows; r += 2, x += 2 * stride)
        {
            AddRow<TOp, V, T>(x, left, ref even0, ref even1, ref even2, ref even3);
            AddRow<TOp, V, T>(x + stride, left, ref odd0, ref odd1, ref odd2, ref odd3);
        }
        if (r < rows)
            AddRow<TOp, V, T>(x, left, ref even0, ref even1, ref even2, ref even3);
        folded[0] = TOp.Apply(even0, odd0);
        folded[1] = TOp.Apply(even1, odd1);
        folded[2] = TOp.Apply(even2, odd2);
        folded[3] = TOp.Apply(even3, odd3);
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

    /// <summary>The rows of the upper branch of the tree of more rows than a leaf has.</summary>
    private static nint TopRows(nint rows) => (rows / LeafRows + 1) / 2 * LeafRows;
}
