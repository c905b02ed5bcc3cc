using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// T·X = B for triangular T by substitution, in place of B. T has any strides: exchanging them solves with Tᵀ, and then a
/// lower triangle is an upper one. Returns 0, or 1 + the first row whose diagonal element is zero.
/// </summary>
internal static unsafe class TriangularSolve<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockSize = 32;

    /// <summary>Beyond this size one column is solved for by vectors along the rows of T, and its elements are sums of lanes, not chains.</summary>
    public const int LargestByColumns = 64;

    /// <summary>Rows of one column that are solved for between vectors.</summary>
    private const int Height = 8;

    /// <summary>So many columns take less time one by one than as part of a vector.</summary>
    private const int FewColumns = 3;

    /// <summary>X [m, n] with rows contiguous; T [m, m], its diagonal taken as ones if <paramref name="unit"/>.</summary>
    public static int Run(nint m, nint n, T* t, nint tRow, nint tColumn, bool lower, bool unit, T* x, nint xRow)
    {
        bool isNormal = true;
        for (nint i = 0; i < m && !unit; i++)
        {
            T diagonal = t[i * (tRow + tColumn)];
            if (diagonal == T.Zero)
                return (int)i + 1;
            isNormal &= T.IsNormal(diagonal);
        }
        if (!lower)
        {
            // An upper triangle walked backwards is a lower one.
            t += (m - 1) * (tRow + tColumn);
            x += (m - 1) * xRow;
            (tRow, tColumn, xRow) = (-tRow, -tColumn, -xRow);
        }
        if (m <= LargestByColumns && n <= FewColumns && isNormal)
        {
            for (nint j = 0; j < n; j++)
                TriangularColumn<T>.Run(m, new(t, tRow, tColumn), unit, new(x + j, xRow, 1));
        }
        else if (m > LargestByColumns && n == 1 && isNormal && tColumn == xRow && Math.Abs(xRow) == 1)
            ByRows(m, new(t, tRow, tColumn), unit, new(x, xRow, 1));
        else if (m > LargestByColumns && n == 1 && isNormal && tRow == xRow && Math.Abs(xRow) == 1)
            ByColumns(m, new(t, tRow, tColumn), unit, new(x, xRow, 1));
        else
            Matrix(m, n, new(t, tRow, tColumn), unit, new(x, xRow, 1));
        return 0;
    }

    private static void Matrix(nint m, nint n, Matrix<T> t, bool unit, Matrix<T> x)
    {
        for (nint k = 0; k < m; k += BlockSize)
        {
            nint end = Math.Min(k + BlockSize, m);
            Subtract(end - k, n, 0, k, t, x);
            for (nint i = k; i < end; )
            {
                nint rows = end - i >= 4 ? 4 : 1;
                Subtract(rows, n, k, i, t, x);
                if (rows == 4)
                    Block<Size.Four>(n, t.From(i, i), unit, x.From(i, 0));
                else
                    Block<Size.One>(n, t.From(i, i), unit, x.From(i, 0));
                i += rows;
            }
        }
    }

    /// <summary>Rows i to i + height lose what the rows from top to i give them.</summary>
    private static void Subtract(nint height, nint n, nint top, nint i, Matrix<T> t, Matrix<T> x)
    {
        if (i > top)
            PanelProduct<V, T>.Run<Update.Subtract>(height, n, i - top, t.From(i, top), x.From(top, 0), x.From(i, 0));
    }

    private static void Block<R>(nint n, Matrix<T> t, bool unit, Matrix<T> x)
        where R : unmanaged, ISize
    {
        T* inverses = stackalloc T[sizeof(R)];
        bool areFinite = true;
        for (nint i = 0; i < sizeof(R); i++)
        {
            inverses[i] = unit ? T.One : T.One / t.Origin[i * (t.Row + t.Column)];
            areFinite &= T.IsFinite(inverses[i]);
        }
        if (areFinite)
            SubstitutionTile<V, T, R>.Run(n, x.Origin, x.Row, t, inverses);
        else
            ByDivision(sizeof(R), n, t, x);
    }

    /// <summary>A denormal number has no inverse.</summary>
    private static void ByDivision(nint m, nint n, Matrix<T> t, Matrix<T> x)
    {
        for (nint i = 0; i < m; i++)
        {
            T* row = x.Origin + i * x.Row;
            for (nint j = 0; j < i; j++)
                Rows<V, T>.Add(-t.Origin[i * t.Row + j * t.Column], x.Origin + j * x.Row, row, n);
            Rows<V, T>.Divide(t.Origin[i * (t.Row + t.Column)], row, n);
        }
    }

    /// <summary>One right side, where rows of T are contiguous: some elements lose their products with those that are solved for, then they are solved for.</summary>
    private static void ByRows(nint m, Matrix<T> t, bool unit, Matrix<T> x)
    {
        for (nint i = 0; i < m; i += Height)
        {
            nint rows = Math.Min(Height, m - i);
            // Vectors run forwards through what is walked backwards.
            nint first = t.Column < 0 && i > 0 ? i - 1 : 0;
            T* solved = x.From(first, 0).Origin;
            Matrix<T> own = x.From(i, 0);
            DotTile.Run<V, T, Update.Subtract>(rows, 1, i, t.From(i, first).Origin, t.Row, solved, 0, own);
            TriangularColumn<T>.Run(rows, t.From(i, i), unit, own);
        }
    }

    /// <summary>One right side, where columns of T are contiguous: some elements are solved for, then those that are left lose their products with them.</summary>
    private static void ByColumns(nint m, Matrix<T> t, bool unit, Matrix<T> x)
    {
        for (nint i = 0; i < m; i += Height)
        {
            nint rows = Math.Min(Height, m - i);
            Matrix<T> own = x.From(i, 0);
            TriangularColumn<T>.Run(rows, t.From(i, i), unit, own);
            nint left = m - i - rows;
            if (left == 0)
                return;
            nint first = t.Row < 0 ? m - 1 : i + rows;
            Matrix<T> columns = new(t.From(first, i).Origin, t.Column, 1);
            Matrix<T> rest = new(x.From(first, 0).Origin, 0, 1);
            PanelProduct<V, T>.Run<Update.Subtract>(1, left, rows, own.Transposed, columns, rest);
        }
    }
}
