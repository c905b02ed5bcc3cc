using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>The backend's blocked algorithms on one problem: for large ones. <typeparamref name="W"/> runs along the rows.</summary>
internal readonly unsafe struct Blocked<W> : IDense<OneLane<double>>
    where W : unmanaged, ILanes<W, double>
{
    /// <summary>Rows of H per product; the tiles of products have five.</summary>
    private const int Strip = 20;

    /// <summary>Rows per step of a substitution.</summary>
    private const int Height = 8;

    public static void Times(Sides sides, int rows, int columns, double* matrix, double* x, double* y, bool adds)
    {
        Matrix<double> to = new(y, 1, (nint)sides.Step);
        if (adds)
            DotTile.Run<W, double, Update.Add>(rows, sides.Count, columns, matrix, columns, x, (nint)sides.Step, to);
        else
            DotTile.Run<W, double, Update.Set>(rows, sides.Count, columns, matrix, columns, x, (nint)sides.Step, to);
    }

    public static void AddTransposedTimes(Sides sides, int rows, int columns, double* matrix, double* x, double* y) =>
        PanelProduct<W, double>.Run<Update.Add>(
            sides.Count,
            columns,
            rows,
            new(x, (nint)sides.Step, 1),
            new(matrix, columns, 1),
            new(y, (nint)sides.Step, 1)
        );

    /// <summary>The upper triangle of H gains S'·S with the rows of S = √w·M that are not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddGram(int rows, int n, double* matrix, double* w, double* h, double* scratch)
    {
        if (w != null)
        {
            rows = Weighted(rows, n, matrix, w, scratch);
            matrix = scratch;
        }
        for (int i = 0; i < n && rows > 0; i += Strip)
            MatrixProduct.Run<W, double, Update.Add>(
                Math.Min(Strip, n - i),
                n - i,
                rows,
                new(matrix + i, 1, n),
                new(matrix + i, n, 1),
                new(h + ((long)i * n) + i, n, 1)
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Weighted(int rows, int n, double* matrix, double* w, double* to)
    {
        int count = 0;
        for (int k = 0; k < rows; k++)
            if (w[k] != 0.0)
                ScaleRow(n, Math.Sqrt(w[k]), matrix + ((long)k * n), to + ((long)count++ * n));
        return count;
    }

    /// <summary>H → Lᵀ in its upper triangle.</summary>
    public static ulong Cholesky(int n, double* h) => Cholesky<W, double>.Upper(n, h) == 0 ? 0UL : 1UL;

    public static void ForwardColumns(int n, int columns, double* factor, double* x) =>
        TriangularSolve<W, double>.Run(n, columns, factor, 1, n, lower: true, unit: false, x, columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(Sides sides, int n, double* factor, double* x)
    {
        for (int i = 0; i < n; i += Height)
        {
            int height = Math.Min(Height, n - i);
            double* corner = factor + ((long)i * n) + i;
            for (int side = 0; side < sides.Count; side++)
                ForwardCorner(height, n, corner, x + (side * sides.Step) + i);
            int rest = n - i - height;
            if (rest > 0)
                PanelProduct<W, double>.Run<Update.Subtract>(
                    sides.Count,
                    rest,
                    height,
                    new(x + i, (nint)sides.Step, 1),
                    new(corner + height, n, 1),
                    new(x + i + height, (nint)sides.Step, 1)
                );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(Sides sides, int n, double* factor, double* x)
    {
        for (int end = n; end > 0; end -= Height)
        {
            int height = Math.Min(Height, end);
            int i = end - height;
            double* corner = factor + ((long)i * n) + i;
            if (end < n)
                DotTile.Run<W, double, Update.Subtract>(
                    height,
                    sides.Count,
                    n - end,
                    corner + height,
                    n,
                    x + end,
                    (nint)sides.Step,
                    new(x + i, 1, (nint)sides.Step)
                );
            for (int side = 0; side < sides.Count; side++)
                BackwardCorner(height, n, corner, x + (side * sides.Step) + i);
        }
    }

    /// <summary>x ← U⁻ᵀ·x with the upper triangle of some rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardCorner(int height, int n, double* u, double* x)
    {
        double* inverses = stackalloc double[Height];
        Invert(height, n, u, inverses);
        for (int i = 0; i < height; i++, u += n)
        {
            double solved = x[i] * inverses[i];
            x[i] = solved;
            for (int j = i + 1; j < height; j++)
                x[j] = Math.FusedMultiplyAdd(-solved, u[j], x[j]);
        }
    }

    /// <summary>x ← U⁻¹·x with the upper triangle of some rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardCorner(int height, int n, double* u, double* x)
    {
        double* inverses = stackalloc double[Height];
        Invert(height, n, u, inverses);
        for (int i = height - 1; i >= 0; i--)
        {
            double solved = x[i] * inverses[i];
            x[i] = solved;
            double* column = u + i;
            for (int j = 0; j < i; j++, column += n)
                x[j] = Math.FusedMultiplyAdd(-solved, *column, x[j]);
        }
    }

    /// <summary>The inverses of a diagonal, ahead of the chain of substitutions that would wait for each division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Invert(int height, int n, double* u, double* inverses)
    {
        for (int i = 0; i < height; i++, u += n + 1)
            inverses[i] = 1.0 / *u;
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
        int i = 0;
        for (; i + 4 <= rows; i += 4, matrix += 4 * (long)columns)
            ScaleRows<Size.Four>(columns, matrix, left + i, right, rowNorms + i, columnNorms);
        for (; i < rows; i++, matrix += columns)
            ScaleRows<Size.One>(columns, matrix, left + i, right, rowNorms + i, columnNorms);
    }

    /// <summary>Four rows, so that factors and norms of columns are read once for them, or one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRows<R>(
        int columns,
        double* matrix,
        double* left,
        double* right,
        double* rowNorms,
        double* columnNorms
    )
        where R : unmanaged, ISize
    {
        // A single row is scaled four times from what was read.
        long step = sizeof(R) == 1 ? 0 : columns;
        long next = sizeof(R) == 1 ? 0 : 1;
        W f0 = W.Broadcast(left[0]);
        W f1 = W.Broadcast(left[next]);
        W f2 = W.Broadcast(left[2 * next]);
        W f3 = W.Broadcast(left[3 * next]);
        W n0 = W.Of(0.0);
        W n1 = n0;
        W n2 = n0;
        W n3 = n0;
        for (nint j = 0; j < columns; j += W.Count, matrix += W.Count)
        {
            nint rest = columns - j;
            W by = Lane.Load<W, double>(right + j, rest);
            W e0 = f0 * Lane.Load<W, double>(matrix, rest) * by;
            W e1 = f1 * Lane.Load<W, double>(matrix + step, rest) * by;
            W e2 = f2 * Lane.Load<W, double>(matrix + (2 * step), rest) * by;
            W e3 = f3 * Lane.Load<W, double>(matrix + (3 * step), rest) * by;
            Lane.Store(e0, matrix, rest);
            Lane.Store(e1, matrix + step, rest);
            Lane.Store(e2, matrix + (2 * step), rest);
            Lane.Store(e3, matrix + (3 * step), rest);
            (e0, e1, e2, e3) = (W.Abs(e0), W.Abs(e1), W.Abs(e2), W.Abs(e3));
            (n0, n1, n2, n3) = (W.Max(n0, e0), W.Max(n1, e1), W.Max(n2, e2), W.Max(n3, e3));
            W norm = W.Max(W.Max(e0, e1), W.Max(e2, e3));
            Lane.Store(W.Max(Lane.Load<W, double>(columnNorms + j, rest), norm), columnNorms + j, rest);
        }
        Gain(n0, rowNorms);
        Gain(n1, rowNorms + next);
        Gain(n2, rowNorms + (2 * next));
        Gain(n3, rowNorms + (3 * next));
    }

    /// <summary>A norm gains the largest of some numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gain(W sizes, double* norm)
    {
        double* parts = (double*)&sizes;
        double largest = *norm;
        for (int k = 0; k < W.Count; k++)
            largest = parts[k] > largest ? parts[k] : largest;
        *norm = largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRow(int n, double by, double* from, double* to)
    {
        W factor = W.Broadcast(by);
        for (int j = 0; j < n; j += W.Count)
            Lane.Store(factor * Lane.Load<W, double>(from + j, n - j), to + j, n - j);
    }
}
