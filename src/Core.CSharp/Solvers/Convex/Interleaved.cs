using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Plain algorithms, each number a vector of lanes: for many small problems at once.</summary>
internal readonly unsafe struct Interleaved<V> : IDense<V>
    where V : unmanaged, ILanes<V, double>
{
    public static void Times(Sides sides, int rows, int columns, double* matrix, double* x, double* y, bool adds)
    {
        if (sides.Count == 1)
            Times<Size.One>(sides.Step, rows, columns, matrix, x, y, adds);
        else
            Times<Size.Two>(sides.Step, rows, columns, matrix, x, y, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Times<S>(long side, int rows, int columns, double* matrix, double* x, double* y, bool adds)
        where S : unmanaged, ISize
    {
        int step = V.Count;
        long row = (long)columns * step;
        int i = 0;
        for (; i + 4 <= rows; i += 4, matrix += 4 * row, y += 4 * step)
        {
            V s0 = V.Of(0.0);
            V s1 = s0;
            V s2 = s0;
            V s3 = s0;
            V t0 = s0;
            V t1 = s0;
            V t2 = s0;
            V t3 = s0;
            double* m = matrix;
            double* at = x;
            for (int j = 0; j < columns; j++, m += step, at += step)
            {
                V xj = V.Load(at);
                V m0 = V.Load(m);
                V m1 = V.Load(m + row);
                V m2 = V.Load(m + (2 * row));
                V m3 = V.Load(m + (3 * row));
                s0 = V.MultiplyAdd(m0, xj, s0);
                s1 = V.MultiplyAdd(m1, xj, s1);
                s2 = V.MultiplyAdd(m2, xj, s2);
                s3 = V.MultiplyAdd(m3, xj, s3);
                if (sizeof(S) == 1)
                    continue;
                xj = V.Load(at + side);
                t0 = V.MultiplyAdd(m0, xj, t0);
                t1 = V.MultiplyAdd(m1, xj, t1);
                t2 = V.MultiplyAdd(m2, xj, t2);
                t3 = V.MultiplyAdd(m3, xj, t3);
            }
            Put(s0, s1, s2, s3, y, adds);
            if (sizeof(S) == 2)
                Put(t0, t1, t2, t3, y + side, adds);
        }
        for (; i < rows; i++, matrix += row, y += step)
        for (int k = 0; k < sizeof(S); k++)
            Put(Lanewise<V>.Dot(columns, matrix, x + (k * side)), y + (k * side), adds);
    }

    public static void AddTransposedTimes(Sides sides, int rows, int columns, double* matrix, double* x, double* y)
    {
        if (sides.Count == 1)
            AddTransposedTimes<Size.One>(sides.Step, rows, columns, matrix, x, y);
        else
            AddTransposedTimes<Size.Two>(sides.Step, rows, columns, matrix, x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTransposedTimes<S>(long side, int rows, int columns, double* matrix, double* x, double* y)
        where S : unmanaged, ISize
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
            double* other = sizeof(S) == 2 ? x + side : x;
            V z0 = V.Load(other);
            V z1 = V.Load(other + step);
            V z2 = V.Load(other + (2 * step));
            V z3 = V.Load(other + (3 * step));
            double* m = matrix;
            double* to = y;
            for (int j = 0; j < columns; j++, m += step, to += step)
            {
                V m0 = V.Load(m);
                V m1 = V.Load(m + row);
                V m2 = V.Load(m + (2 * row));
                V m3 = V.Load(m + (3 * row));
                V.Store(V.MultiplyAdd(m0, x0, V.Load(to)) + Sum(m1, x1, m2, x2, m3, x3), to);
                if (sizeof(S) == 2)
                    V.Store(V.MultiplyAdd(m0, z0, V.Load(to + side)) + Sum(m1, z1, m2, z2, m3, z3), to + side);
            }
        }
        for (; i < rows; i++, matrix += row, x += step)
        for (int k = 0; k < sizeof(S); k++)
            Lanewise<V>.Add(columns, V.Load(x + (k * side)), matrix, y + (k * side));
    }

    /// <summary>m1·x1 + m2·x2 + m3·x3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum(V m1, V x1, V m2, V x2, V m3, V x3) => V.MultiplyAdd(m3, x3, V.MultiplyAdd(m2, x2, m1 * x1));

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

    /// <summary>H → L in its lower triangle, with the inverses of the diagonal's elements.</summary>
    public static ulong Cholesky(int n, double* h)
    {
        int* status = stackalloc int[V.Count];
        InterleavedCholesky<V, double>.Run(n, h, status);
        for (int i = 0; i < n; i++, h += (n + 1) * V.Count)
            V.Store(V.Of(1.0) / V.Load(h), h);
        ulong failed = 0;
        for (int lane = 0; lane < V.Count; lane++)
            failed |= status[lane] == 0 ? 0UL : 1UL << lane;
        return failed;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardColumns(int n, int columns, double* factor, double* x)
    {
        int step = V.Count;
        for (int i = 0; i < n; i++)
        {
            double* row = factor + ((long)i * n * step);
            double* xi = x + ((long)i * columns * step);
            for (int j = 0; j < i; j++)
                Lanewise<V>.Add(columns, -V.Load(row + (j * step)), x + ((long)j * columns * step), xi);
            Lanewise<V>.Scale(columns, V.Load(row + (i * step)), xi, xi);
        }
    }

    public static void Forward(Sides sides, int n, double* factor, double* x) =>
        Substitution<V>.Forward(sides, n, factor, x);

    public static void Backward(Sides sides, int n, double* factor, double* x) =>
        Substitution<V>.Backward(sides, n, factor, x);

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
    private static void Put(V s0, V s1, V s2, V s3, double* y, bool adds)
    {
        Put(s0, y, adds);
        Put(s1, y + V.Count, adds);
        Put(s2, y + (2 * V.Count), adds);
        Put(s3, y + (3 * V.Count), adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V sum, double* y, bool adds) => V.Store(adds ? V.Load(y) + sum : sum, y);
}
