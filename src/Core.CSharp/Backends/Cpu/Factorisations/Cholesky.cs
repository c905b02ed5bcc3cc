using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = L·Lᵀ of symmetric positive definite A (Golub and Van Loan 2013, §4.2). Every element is one chain of multiply-adds over the columns
/// before it, in order, times the inverse of the pivot: blocks do not show, and <see cref="CholeskyBatch{V,T}"/> gives the same bits.
/// Works on U = Lᵀ in the upper triangle, whose rows are contiguous for the products. Returns 0, or 1 + the first column whose pivot
/// is not positive.
/// </summary>
internal static unsafe class Cholesky<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of U that lose at once what the rows above give them, and are then finished in halves.</summary>
    private const int Height = 8;

    private const int Half = Height / 2;

    /// <summary>(A + Aᵀ)/2 of A [n, n] → L with zeros above; both may be the same memory.</summary>
    public static int Run(nint n, T* a, T* l)
    {
        if (a != l)
            Buffer.MemoryCopy(a, l, n * n * sizeof(T), n * n * sizeof(T));
        using Workspace<T> room = new(n * Height);
        int failed = 0;
        for (nint i = 0; i < n && failed == 0; i += Height)
        {
            nint rows = Math.Min(Height, n - i);
            T* corner = l + (i * n) + i;
            Symmetrise(rows, n - i, corner, n, room.Pointer);
            failed = Rows(rows, n, i, l);
            Transpose(rows, n - i, corner, n);
        }
        for (nint i = 0; i < n; i++)
            new Span<T>(l + (i * n) + i + 1, (int)(n - i - 1)).Clear();
        return failed;
    }

    /// <summary>A → U in the upper triangle; what lies below is left as it is or overwritten.</summary>
    public static int Upper(nint n, T* u)
    {
        int failed = 0;
        for (nint i = 0; i < n && failed == 0; i += Height)
            failed = Rows(Math.Min(Height, n - i), n, i, u);
        return failed;
    }

    /// <summary>The first rows of (A + Aᵀ)/2 in place of those of A [n, n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Symmetrise(nint rows, nint n, T* a, nint row, T* room)
    {
        Packing.Copy(rows, n, new(a, 1, row), room);
        V half = V.Of(0.5);
        for (nint i = 0; i < rows; i++, a += row, room += n)
        {
            for (nint j = 0; j < n; j += V.Count)
            {
                V sum = Lane.Load<V, T>(a + j, n - j) + Lane.Load<V, T>(room + j, n - j);
                Lane.Store(sum * half, a + j, n - j);
            }
        }
    }

    /// <summary>The first rows of a matrix [n, n] in place of its first columns, from the diagonal on.</summary>
    private static void Transpose(nint rows, nint n, T* u, nint row)
    {
        Packing.Copy(n - rows, rows, new(u + rows, 1, row), u + (rows * row), row);
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = i + 1; j < rows; j++)
                u[(j * row) + i] = u[(i * row) + j];
        }
    }

    /// <summary>Some rows of U from i on, at most <see cref="Height"/>.</summary>
    private static int Rows(nint rows, nint n, nint i, T* u)
    {
        Matrix<T> above = new(u + i, n, 1);
        Matrix<T> own = above.From(i, 0);
        if (i > 0)
            PanelProduct<V, T>.Run<Update.Subtract>(rows, n - i, i, above.Transposed, above, own);
        T* inverses = stackalloc T[Height];
        int failed = 0;
        CholeskyCorner<OneLane<T>, T>.Run((int)rows, own.Transposed, (OneLane<T>*)inverses, (int)i, &failed);
        nint rest = n - i - rows;
        if (failed == 0 && rest > 0)
            Substitute(rest, own.Transposed, own.From(0, Height), inverses);
        return failed;
    }

    /// <summary>The columns of U right of a corner, whose lower triangle is T.</summary>
    private static void Substitute(nint n, Matrix<T> t, Matrix<T> x, T* inverses)
    {
        Matrix<T> lower = x.From(Half, 0);
        SubstitutionTile<V, T, Size.Four>.Run(n, x.Origin, x.Row, t, inverses);
        PanelProduct<V, T>.Run<Update.Subtract>(Half, n, Half, t.From(Half, 0), x, lower);
        SubstitutionTile<V, T, Size.Four>.Run(n, lower.Origin, x.Row, t.From(Half, Half), inverses + Half);
    }
}
