using System.Numerics;
using System.Runtime.CompilerServices;

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

    /// <summary>X [m, n] with rows contiguous; T [m, m], its diagonal taken as ones if <paramref name="unit"/>.</summary>
    public static int Run(nint m, nint n, T* t, nint tRow, nint tColumn, bool lower, bool unit, T* x, nint xRow)
    {
        for (nint i = 0; i < m && !unit; i++)
        {
            if (t[i * (tRow + tColumn)] == T.Zero)
                return (int)i + 1;
        }
        if (!lower)
        {
            // An upper triangle walked backwards is a lower one.
            t += (m - 1) * (tRow + tColumn);
            x += (m - 1) * xRow;
            (tRow, tColumn, xRow) = (-tRow, -tColumn, -xRow);
        }
        if (n == 1)
            Vector(m, t, tRow, tColumn, unit, x, xRow);
        else
            Matrix(m, n, t, tRow, tColumn, unit, x, xRow);
        return 0;
    }

    private static void Matrix(nint m, nint n, T* t, nint tRow, nint tColumn, bool unit, T* x, nint xRow)
    {
        for (nint k = 0; k < m; k += BlockSize)
        {
            T* below = t + k * tRow;
            T* rows = x + k * xRow;
            nint height = Math.Min(BlockSize, m - k);
            if (k > 0)
                MatrixProduct.Run<V, T, Update.Subtract>(
                    height,
                    n,
                    k,
                    new(below, tRow, tColumn),
                    new(x, xRow, 1),
                    new(rows, xRow, 1)
                );
            Block(height, n, below + k * tColumn, tRow, tColumn, unit, rows, xRow);
        }
    }

    private static void Block(nint m, nint n, T* t, nint tRow, nint tColumn, bool unit, T* x, nint xRow)
    {
        for (nint i = 0; i < m; i++)
        {
            T* xi = x + i * xRow;
            for (nint j = 0; j < i; j++)
                Rows<V, T>.Add(-t[i * tRow + j * tColumn], x + j * xRow, xi, n);
            if (!unit)
                Rows<V, T>.Divide(t[i * (tRow + tColumn)], xi, n);
        }
    }

    /// <summary>One right-hand side: by rows of T where they are contiguous, else by columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vector(nint m, T* t, nint tRow, nint tColumn, bool unit, T* x, nint xRow)
    {
        bool areRowsContiguous = (tColumn == 1 && xRow == 1) || (tColumn == -1 && xRow == -1);
        for (nint i = 0; i < m; i++)
        {
            T* xi = x + i * xRow;
            if (areRowsContiguous)
                *xi -= RowTimesSolution(i, t + i * tRow, tColumn, x);
            if (!unit)
                *xi /= t[i * (tRow + tColumn)];
            if (areRowsContiguous)
                continue;
            T* column = t + i * tColumn;
            for (nint j = i + 1; j < m; j++)
                x[j * xRow] -= column[j * tRow] * *xi;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T RowTimesSolution(nint i, T* row, nint step, T* x) =>
        step == 1 ? Rows<V, T>.Dot(row, x, i) : Rows<V, T>.Dot(row - i + 1, x - i + 1, i);
}
