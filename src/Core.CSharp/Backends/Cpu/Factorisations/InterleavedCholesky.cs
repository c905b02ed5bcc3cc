using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// As many Cholesky factorisations as a vector has lanes, one in each: a lane that fails does not change another. The matrices lie row by row, and every
/// element is a vector. The bits are those of <see cref="Cholesky{V,T}"/>.
/// </summary>
internal static unsafe class InterleavedCholesky<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A → L in the lower triangles, one status per lane; what lies above the diagonal near it is overwritten.</summary>
    public static void Run(nint n, T* lanes, int* status)
    {
        new Span<int>(status, V.Count).Clear();
        nint j = 0;
        for (; j + 4 <= n; j += 4)
            Columns<Size.Four>(n, j, lanes, status);
        if (n - j == 3)
            Columns<Size.Three>(n, j, lanes, status);
        else if (n - j == 2)
            Columns<Size.Two>(n, j, lanes, status);
        else if (n - j == 1)
            Columns<Size.One>(n, j, lanes, status);
    }

    /// <summary>The C columns from j on.</summary>
    private static void Columns<C>(nint n, nint j, T* lanes, int* status)
        where C : unmanaged, ISize
    {
        V* inverses = stackalloc V[sizeof(C)];
        nint row = n * V.Count;
        T* top = lanes + (j * row);
        InterleavedTile<V, T, Order.Rows, Order.Transposed, C>.Run<C>(j, top, row, top, null);
        CholeskyCorner<V, T>.Run(sizeof(C), new(top + (j * V.Count), row, V.Count), inverses, (int)j, status);
        nint i = j + sizeof(C);
        for (; i + 4 <= n; i += 4)
            InterleavedTile<V, T, Order.Rows, Order.Transposed, C>.Run<Size.Four>(
                j,
                lanes + (i * row),
                row,
                top,
                inverses
            );
        for (; i < n; i++)
            InterleavedTile<V, T, Order.Rows, Order.Transposed, C>.Run<Size.One>(
                j,
                lanes + (i * row),
                row,
                top,
                inverses
            );
    }
}
