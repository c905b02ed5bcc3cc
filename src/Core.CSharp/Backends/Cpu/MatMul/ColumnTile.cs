using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// What <see cref="DotTile"/> computes, to the bit, of a left factor whose columns are contiguous: vectors run along the rows of the result,
/// and each has a sum for every lane that a dot product would have. The lanes are added as soon as two that belong together are there.
/// </summary>
internal static unsafe class ColumnTile<V, T, U>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
    where U : struct, IUpdate
{
    /// <summary>Vectors of rows per tile: their sums run beside each other.</summary>
    private const int MostVectors = 4;

    /// <summary>c[i, j] = Σ_p a[i + p·aColumn]·b[p, j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint m, nint n, nint k, T* a, nint aColumn, Matrix<T> b, Matrix<T> c)
    {
        V* sums = stackalloc V[MostVectors * (BitOperations.Log2((uint)V.Count) + 1)];
        for (nint i = 0; i < m; i += MostVectors * V.Count)
        {
            int rows = (int)Math.Min(MostVectors * V.Count, m - i);
            for (nint j = 0; j < n; j++)
            {
                Matrix<T> column = b.From(0, j);
                Sum(rows, k, a + i, aColumn, column.Origin, column.Row, sums);
                for (int row = 0; row < rows; row++)
                    DotTile.Store<T, U>(((T*)sums)[row], c.Origin + (i + row) * c.Row + j * c.Column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(int rows, nint k, T* a, nint aColumn, T* b, nint bRow, V* sums)
    {
        int vectors = (rows + V.Count - 1) / V.Count;
        int last = rows - (vectors - 1) * V.Count;
        if (vectors == 1)
            Sum<Size.One>(last, k, a, aColumn, b, bRow, sums);
        else if (vectors == 2)
            Sum<Size.Two>(last, k, a, aColumn, b, bRow, sums);
        else if (vectors == 3)
            Sum<Size.Three>(last, k, a, aColumn, b, bRow, sums);
        else
            Sum<Size.Four>(last, k, a, aColumn, b, bRow, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<R>(int last, nint k, T* a, nint aColumn, T* b, nint bRow, V* sums)
        where R : struct, ISize
    {
        if (last == V.Count)
            Sum<R, Edge.Whole>(last, k, a, aColumn, b, bRow, sums);
        else
            Sum<R, Edge.Part>(last, k, a, aColumn, b, bRow, sums);
    }

    /// <summary>
    /// The first R vectors of <paramref name="sums"/> become the sums. As ILanes.Sum adds halves, the lanes are the leaves of a binary tree in the
    /// order of their reversed bits: after leaf number i, as many subtrees are complete as i ends in ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<R, E>(int last, nint k, T* a, nint aColumn, T* b, nint bRow, V* sums)
        where R : struct, ISize
        where E : struct, IEdge
    {
        V* free = sums;
        int lane = 0;
        for (int leaf = 0; leaf < V.Count; leaf++)
        {
            Chain<R, E>(last, lane, k, a, aColumn, b, bRow, out V s0, out V s1, out V s2, out V s3);
            for (int ones = leaf; (ones & 1) != 0; ones >>= 1)
            {
                free -= R.Value;
                s0 = free[0] + s0;
                s1 = R.Value > 1 ? free[1] + s1 : s1;
                s2 = R.Value > 2 ? free[2] + s2 : s2;
                s3 = R.Value > 3 ? free[3] + s3 : s3;
            }
            free[0] = s0;
            if (R.Value > 1)
                free[1] = s1;
            if (R.Value > 2)
                free[2] = s2;
            if (R.Value > 3)
                free[3] = s3;
            free += R.Value;
            // The next number with its bits reversed.
            int bit = V.Count / 2;
            for (; (lane & bit) != 0; bit /= 2)
                lane ^= bit;
            lane |= bit;
        }
    }

    /// <summary>One lane of the sums of all rows: the terms that leave <paramref name="lane"/> when divided by the number of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chain<R, E>(
        int last,
        int lane,
        nint k,
        T* a,
        nint aColumn,
        T* b,
        nint bRow,
        out V s0,
        out V s1,
        out V s2,
        out V s3
    )
        where R : struct, ISize
        where E : struct, IEdge
    {
        s0 = s1 = s2 = s3 = V.Of(0);
        for (nint p = lane; p < k; p += V.Count)
        {
            T* at = a + p * aColumn;
            V factor = U.Signed(V.Broadcast(b[p * bRow]));
            s0 = V.MultiplyAdd(Load<R, Size.One, E>(at, last), factor, s0);
            if (R.Value > 1)
                s1 = V.MultiplyAdd(Load<R, Size.Two, E>(at + V.Count, last), factor, s1);
            if (R.Value > 2)
                s2 = V.MultiplyAdd(Load<R, Size.Three, E>(at + 2 * V.Count, last), factor, s2);
            if (R.Value > 3)
                s3 = V.MultiplyAdd(Load<R, Size.Four, E>(at + 3 * V.Count, last), factor, s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<R, I, E>(T* source, int last)
        where R : struct, ISize
        where I : struct, ISize
        where E : struct, IEdge => R.Value == I.Value ? E.Load<V, T>(source, last) : V.Load(source);
}
