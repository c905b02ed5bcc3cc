using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>The backend's blocked algorithms on one problem: for large ones. <typeparamref name="W"/> runs along the rows.</summary>
internal readonly unsafe struct Blocked<W> : IDense<Lane64>
    where W : unmanaged, ILanes<W, double>
{
    private const int Strip = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Times(int rows, int columns, double* matrix, double* x, double* y, bool adds)
    {
        int i = 0;
        for (; i + 4 <= rows; i += 4, matrix += 4 * columns, y += 4)
        {
            W s0 = W.Of(0.0);
            W s1 = W.Of(0.0);
            W s2 = W.Of(0.0);
            W s3 = W.Of(0.0);
            for (int j = 0; j < columns; j += W.Count)
            {
                int left = columns - j;
                W xj = Lane.Load<W, double>(x + j, left);
                s0 = W.MultiplyAdd(Lane.Load<W, double>(matrix + j, left), xj, s0);
                s1 = W.MultiplyAdd(Lane.Load<W, double>(matrix + columns + j, left), xj, s1);
                s2 = W.MultiplyAdd(Lane.Load<W, double>(matrix + (2 * columns) + j, left), xj, s2);
                s3 = W.MultiplyAdd(Lane.Load<W, double>(matrix + (3 * columns) + j, left), xj, s3);
            }
            y[0] = (adds ? y[0] : 0.0) + W.Sum(s0);
            y[1] = (adds ? y[1] : 0.0) + W.Sum(s1);
            y[2] = (adds ? y[2] : 0.0) + W.Sum(s2);
            y[3] = (adds ? y[3] : 0.0) + W.Sum(s3);
        }
        for (; i < rows; i++, matrix += columns, y++)
            *y = (adds ? *y : 0.0) + Rows<W, double>.Dot(matrix, x, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTransposedTimes(int rows, int columns, double* matrix, double* x, double* y)
    {
        int i = 0;
        for (; i + 4 <= rows; i += 4, matrix += 4 * columns, x += 4)
        {
            W x0 = W.Broadcast(x[0]);
            W x1 = W.Broadcast(x[1]);
            W x2 = W.Broadcast(x[2]);
            W x3 = W.Broadcast(x[3]);
            for (int j = 0; j < columns; j += W.Count)
            {
                int left = columns - j;
                W even = W.MultiplyAdd(Lane.Load<W, double>(matrix + j, left), x0, Lane.Load<W, double>(y + j, left));
                W odd = Lane.Load<W, double>(matrix + columns + j, left) * x1;
                even = W.MultiplyAdd(Lane.Load<W, double>(matrix + (2 * columns) + j, left), x2, even);
                odd = W.MultiplyAdd(Lane.Load<W, double>(matrix + (3 * columns) + j, left), x3, odd);
                Lane.Store(even + odd, y + j, left);
            }
        }
        for (; i < rows; i++, matrix += columns, x++)
            Rows<W, double>.Add(*x, matrix, y, columns);
    }

    public static void AddGram(int rows, int n, double* matrix, double* w, double* h, double* scratch)
    {
        double* weighted = matrix;
        if (w != null)
        {
            weighted = scratch;
            for (int k = 0; k < rows; k++)
                ScaleRow(n, w[k], matrix + ((long)k * n), scratch + ((long)k * n));
        }
        for (int i = 0; i < n; i += Strip)
        {
            int height = Math.Min(Strip, n - i);
            MatrixProduct.Run<W, double, Update.Add>(
                height,
                i + height,
                rows,
                new(matrix + i, 1, n),
                new(weighted, n, 1),
                new(h + ((long)i * n), n, 1)
            );
        }
    }

    public static ulong Cholesky(int n, double* h) => Cholesky<W, double>.Run(n, h, h) == 0 ? 0UL : 1UL;

    public static void Forward(int n, int columns, double* lower, double* x) =>
        TriangularSolve<W, double>.Run(n, columns, lower, n, 1, lower: true, unit: false, x, columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(int n, double* lower, double* x)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            double* row = lower + ((long)i * n);
            double solved = x[i] / row[i];
            x[i] = solved;
            Rows<W, double>.Add(-solved, row, x, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(
        int rows,
        int columns,
        double* matrix,
        double* left,
        double* right,
        double* rowNorms,
        double* columnNorms
    )
    {
        for (int i = 0; i < rows; i++, matrix += columns)
        {
            W own = W.Broadcast(left[i]);
            W rowNorm = W.Of(0.0);
            for (int j = 0; j < columns; j += W.Count)
            {
                int rest = columns - j;
                W element = own * Lane.Load<W, double>(matrix + j, rest) * Lane.Load<W, double>(right + j, rest);
                Lane.Store(element, matrix + j, rest);
                W size = W.Abs(element);
                rowNorm = W.Max(rowNorm, size);
                Lane.Store(W.Max(Lane.Load<W, double>(columnNorms + j, rest), size), columnNorms + j, rest);
            }
            for (int k = 0; k < W.Count; k++)
                rowNorms[i] = Math.Max(rowNorms[i], ((double*)&rowNorm)[k]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRow(int n, double by, double* from, double* to)
    {
        W factor = W.Broadcast(by);
        for (int j = 0; j < n; j += W.Count)
            Lane.Store(factor * Lane.Load<W, double>(from + j, n - j), to + j, n - j);
    }
}
