using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Plain algorithms, each number a vector of lanes: for many small problems at once.</summary>
internal readonly unsafe struct Interleaved<V> : IDense<V>
    where V : unmanaged, ILanes<V, double>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Times(int rows, int columns, double* matrix, double* x, double* y, bool adds)
    {
        int step = V.Count;
        long row = (long)columns * step;
        int i = 0;
        for (; i + 4 <= rows; i += 4, matrix += 4 * row, y += 4 * step)
        {
            V s0 = V.Of(0.0);
            V s1 = V.Of(0.0);
            V s2 = V.Of(0.0);
            V s3 = V.Of(0.0);
            double* m = matrix;
            double* at = x;
            for (int j = 0; j < columns; j++, m += step, at += step)
            {
                V xj = V.Load(at);
                s0 = V.MultiplyAdd(V.Load(m), xj, s0);
                s1 = V.MultiplyAdd(V.Load(m + row), xj, s1);
                s2 = V.MultiplyAdd(V.Load(m + (2 * row)), xj, s2);
                s3 = V.MultiplyAdd(V.Load(m + (3 * row)), xj, s3);
            }
            Put(s0, y, adds);
            Put(s1, y + step, adds);
            Put(s2, y + (2 * step), adds);
            Put(s3, y + (3 * step), adds);
        }
        for (; i < rows; i++, matrix += row, y += step)
            Put(Lanewise<V>.Dot(columns, matrix, x), y, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTransposedTimes(int rows, int columns, double* matrix, double* x, double* y)
    {
        int step = V.Count;
        long row = (long)columns * step;
        int i = 0;
        for (; i + 4 <= rows; i += 4, matrix += 4 * row, x += 4 * step)
        {
            V x0 = V.Load(x);
            V x1 = V.Load(x + step);
            V x2 = V.Load(x + (2 * step));
            V x3 = V.Load(x + (3 * step));
            double* m = matrix;
            double* to = y;
            for (int j = 0; j < columns; j++, m += step, to += step)
            {
                V even = V.MultiplyAdd(V.Load(m), x0, V.Load(to));
                even = V.MultiplyAdd(V.Load(m + row), x1, even);
                V odd = V.Load(m + (2 * row)) * x2;
                odd = V.MultiplyAdd(V.Load(m + (3 * row)), x3, odd);
                V.Store(even + odd, to);
            }
        }
        for (; i < rows; i++, matrix += row, x += step)
            Lanewise<V>.Add(columns, V.Load(x), matrix, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddGram(int rows, int n, double* matrix, double* w, double* h, double* scratch)
    {
        long step = V.Count;
        int i = 0;
        for (; i + 4 <= n; i += 4)
        {
            for (int j = 0; j < i; j += 4)
                Tile(rows, n, matrix + (i * step), matrix + (j * step), w, h + (((i * (long)n) + j) * step));
            // The diagonal tile may spill above the diagonal, which nobody reads.
            Tile(rows, n, matrix + (i * step), matrix + (i * step), w, h + (((i * (long)n) + i) * step));
        }
        for (; i < n; i++)
        for (int j = 0; j <= i; j++)
            Single(rows, n, matrix + (i * step), matrix + (j * step), w, h + (((i * (long)n) + j) * step));
    }

    /// <summary>H[0..4, 0..4] gains the products of four columns with four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(int rows, int n, double* a, double* b, double* w, double* h)
    {
        int step = V.Count;
        long row = (long)n * step;
        V h00 = V.Of(0.0);
        V h01 = V.Of(0.0);
        V h02 = V.Of(0.0);
        V h03 = V.Of(0.0);
        V h10 = V.Of(0.0);
        V h11 = V.Of(0.0);
        V h12 = V.Of(0.0);
        V h13 = V.Of(0.0);
        V h20 = V.Of(0.0);
        V h21 = V.Of(0.0);
        V h22 = V.Of(0.0);
        V h23 = V.Of(0.0);
        V h30 = V.Of(0.0);
        V h31 = V.Of(0.0);
        V h32 = V.Of(0.0);
        V h33 = V.Of(0.0);
        for (int k = 0; k < rows; k++, a += row, b += row)
        {
            V weight = w == null ? V.Of(1.0) : V.Load(w + (k * step));
            V b0 = V.Load(b);
            V b1 = V.Load(b + step);
            V b2 = V.Load(b + (2 * step));
            V b3 = V.Load(b + (3 * step));
            V a0 = weight * V.Load(a);
            h00 = V.MultiplyAdd(a0, b0, h00);
            h01 = V.MultiplyAdd(a0, b1, h01);
            h02 = V.MultiplyAdd(a0, b2, h02);
            h03 = V.MultiplyAdd(a0, b3, h03);
            V a1 = weight * V.Load(a + step);
            h10 = V.MultiplyAdd(a1, b0, h10);
            h11 = V.MultiplyAdd(a1, b1, h11);
            h12 = V.MultiplyAdd(a1, b2, h12);
            h13 = V.MultiplyAdd(a1, b3, h13);
            V a2 = weight * V.Load(a + (2 * step));
            h20 = V.MultiplyAdd(a2, b0, h20);
            h21 = V.MultiplyAdd(a2, b1, h21);
            h22 = V.MultiplyAdd(a2, b2, h22);
            h23 = V.MultiplyAdd(a2, b3, h23);
            V a3 = weight * V.Load(a + (3 * step));
            h30 = V.MultiplyAdd(a3, b0, h30);
            h31 = V.MultiplyAdd(a3, b1, h31);
            h32 = V.MultiplyAdd(a3, b2, h32);
            h33 = V.MultiplyAdd(a3, b3, h33);
        }
        AddRow(h, h00, h01, h02, h03);
        AddRow(h + row, h10, h11, h12, h13);
        AddRow(h + (2 * row), h20, h21, h22, h23);
        AddRow(h + (3 * row), h30, h31, h32, h33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(double* h, V h0, V h1, V h2, V h3)
    {
        int step = V.Count;
        V.Store(V.Load(h) + h0, h);
        V.Store(V.Load(h + step) + h1, h + step);
        V.Store(V.Load(h + (2 * step)) + h2, h + (2 * step));
        V.Store(V.Load(h + (3 * step)) + h3, h + (3 * step));
    }

    private static void Single(int rows, int n, double* a, double* b, double* w, double* h)
    {
        long row = (long)n * V.Count;
        V sum = V.Load(h);
        for (int k = 0; k < rows; k++, a += row, b += row)
            sum = V.MultiplyAdd(w == null ? V.Load(a) : V.Load(w + (k * V.Count)) * V.Load(a), V.Load(b), sum);
        V.Store(sum, h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Cholesky(int n, double* h)
    {
        int step = V.Count;
        long row = (long)n * step;
        ulong failed = 0;
        for (int j = 0; j < n; j++)
        {
            double* rowJ = h + (j * row);
            V pivot = V.Load(rowJ + (j * step)) - Lanewise<V>.Dot(j, rowJ, rowJ);
            V isGood = V.Less(V.Of(0.0), pivot) & V.Less(pivot, V.Of(double.PositiveInfinity));
            failed |= ~V.ToBits(isGood);
            V root = V.Sqrt(pivot);
            V inverse = V.Of(1.0) / root;
            V.Store(root, rowJ + (j * step));
            Column(n, j, rowJ, inverse);
        }
        return failed & (ulong.MaxValue >> (64 - step));
    }

    /// <summary>Rows below j of column j, four at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column(int n, int j, double* rowJ, V inverse)
    {
        int step = V.Count;
        long row = (long)n * step;
        int i = j + 1;
        double* at = rowJ + row;
        for (; i + 4 <= n; i += 4, at += 4 * row)
        {
            V s0 = V.Load(at + (j * step));
            V s1 = V.Load(at + row + (j * step));
            V s2 = V.Load(at + (2 * row) + (j * step));
            V s3 = V.Load(at + (3 * row) + (j * step));
            double* a = at;
            double* b = rowJ;
            for (int k = 0; k < j; k++, a += step, b += step)
            {
                V minus = -V.Load(b);
                s0 = V.MultiplyAdd(V.Load(a), minus, s0);
                s1 = V.MultiplyAdd(V.Load(a + row), minus, s1);
                s2 = V.MultiplyAdd(V.Load(a + (2 * row)), minus, s2);
                s3 = V.MultiplyAdd(V.Load(a + (3 * row)), minus, s3);
            }
            V.Store(s0 * inverse, at + (j * step));
            V.Store(s1 * inverse, at + row + (j * step));
            V.Store(s2 * inverse, at + (2 * row) + (j * step));
            V.Store(s3 * inverse, at + (3 * row) + (j * step));
        }
        for (; i < n; i++, at += row)
            V.Store((V.Load(at + (j * step)) - Lanewise<V>.Dot(j, at, rowJ)) * inverse, at + (j * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(int n, int columns, double* lower, double* x)
    {
        int step = V.Count;
        for (int i = 0; i < n; i++)
        {
            double* row = lower + ((long)i * n * step);
            double* xi = x + ((long)i * columns * step);
            V diagonal = V.Load(row + (i * step));
            if (columns == 1)
            {
                V.Store((V.Load(xi) - Lanewise<V>.Dot(i, row, x)) / diagonal, xi);
                continue;
            }
            for (int j = 0; j < i; j++)
                Lanewise<V>.Add(columns, -V.Load(row + (j * step)), x + ((long)j * columns * step), xi);
            Lanewise<V>.Scale(columns, V.Of(1.0) / diagonal, xi, xi);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(int n, double* lower, double* x)
    {
        int step = V.Count;
        for (int i = n - 1; i >= 0; i--)
        {
            double* row = lower + ((long)i * n * step);
            double* xi = x + (i * step);
            V solved = V.Load(xi) / V.Load(row + (i * step));
            V.Store(solved, xi);
            Lanewise<V>.Add(i, -solved, row, x);
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
        int step = V.Count;
        for (int i = 0; i < rows; i++, left += step, rowNorms += step)
        {
            V own = V.Load(left);
            V rowNorm = V.Load(rowNorms);
            double* d = right;
            double* norm = columnNorms;
            for (int j = 0; j < columns; j++, matrix += step, d += step, norm += step)
            {
                V element = own * V.Load(matrix) * V.Load(d);
                V.Store(element, matrix);
                V size = V.Abs(element);
                rowNorm = V.Max(rowNorm, size);
                V.Store(V.Max(V.Load(norm), size), norm);
            }
            V.Store(rowNorm, rowNorms);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V sum, double* y, bool adds) => V.Store(adds ? V.Load(y) + sum : sum, y);
}
