using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Products with a matrix M of which rows may lie anywhere, four at a time. Of vectors along the rows there are <see cref="FactorStrips.Padded"/>
/// numbers, those beyond n zero; of vectors along the columns, and of rows, as many as <see cref="Filled"/> says.
/// </summary>
internal static unsafe class RowProducts<W>
    where W : unmanaged, ILanes<W, double>
{
    private const int Height = 4;

    /// <summary>How many rows are read in place of a number of rows: any row may stand for those that there are not, with a weight of 0.</summary>
    public static int Filled(int rows) => (rows + Height - 1) & -Height;

    /// <summary>y ← M·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Times(int count, double** rows, int n, double* x, double* y, Prefetching ahead)
    {
        for (int k = 0; k < count; k += Height, rows += Height, y += Height)
        {
            ahead.Ask();
            double* m0 = rows[0];
            double* m1 = rows[1];
            double* m2 = rows[2];
            double* m3 = rows[3];
            W s0 = W.Of(0.0);
            W s1 = s0;
            W s2 = s0;
            W s3 = s0;
            for (nint j = 0; j < n; j += W.Count)
            {
                nint left = n - j;
                W xs = W.Load(x + j);
                s0 = W.MultiplyAdd(Lane.Load<W, double>(m0 + j, left), xs, s0);
                s1 = W.MultiplyAdd(Lane.Load<W, double>(m1 + j, left), xs, s1);
                s2 = W.MultiplyAdd(Lane.Load<W, double>(m2 + j, left), xs, s2);
                s3 = W.MultiplyAdd(Lane.Load<W, double>(m3 + j, left), xs, s3);
            }
            (y[0], y[1], y[2], y[3]) = (W.Sum(s0), W.Sum(s1), W.Sum(s2), W.Sum(s3));
        }
    }

    /// <summary>z ← z + M'·w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTransposedTimes(int count, double** rows, int n, double* w, double* z, Prefetching ahead)
    {
        for (int k = 0; k < count; k += Height, rows += Height, w += Height)
        {
            ahead.Ask();
            double* m0 = rows[0];
            double* m1 = rows[1];
            double* m2 = rows[2];
            double* m3 = rows[3];
            W w0 = W.Broadcast(w[0]);
            W w1 = W.Broadcast(w[1]);
            W w2 = W.Broadcast(w[2]);
            W w3 = W.Broadcast(w[3]);
            for (nint j = 0; j < n; j += W.Count)
            {
                nint left = n - j;
                W even = W.MultiplyAdd(w0, Lane.Load<W, double>(m0 + j, left), W.Load(z + j));
                W odd = w1 * Lane.Load<W, double>(m1 + j, left);
                even = W.MultiplyAdd(w2, Lane.Load<W, double>(m2 + j, left), even);
                odd = W.MultiplyAdd(w3, Lane.Load<W, double>(m3 + j, left), odd);
                W.Store(even + odd, z + j);
            }
        }
    }

    /// <summary>Both, each row read once: y ← M·x, z ← z + M'·w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Both(
        int count,
        double** rows,
        int n,
        double* x,
        double* w,
        double* y,
        double* z,
        Prefetching ahead
    )
    {
        for (int k = 0; k < count; k += Height, rows += Height, w += Height, y += Height)
        {
            ahead.Ask();
            double* m0 = rows[0];
            double* m1 = rows[1];
            double* m2 = rows[2];
            double* m3 = rows[3];
            W w0 = W.Broadcast(w[0]);
            W w1 = W.Broadcast(w[1]);
            W w2 = W.Broadcast(w[2]);
            W w3 = W.Broadcast(w[3]);
            W s0 = W.Of(0.0);
            W s1 = s0;
            W s2 = s0;
            W s3 = s0;
            for (nint j = 0; j < n; j += W.Count)
            {
                nint left = n - j;
                W xs = W.Load(x + j);
                W r0 = Lane.Load<W, double>(m0 + j, left);
                W r1 = Lane.Load<W, double>(m1 + j, left);
                W r2 = Lane.Load<W, double>(m2 + j, left);
                W r3 = Lane.Load<W, double>(m3 + j, left);
                s0 = W.MultiplyAdd(r0, xs, s0);
                s1 = W.MultiplyAdd(r1, xs, s1);
                s2 = W.MultiplyAdd(r2, xs, s2);
                s3 = W.MultiplyAdd(r3, xs, s3);
                W even = W.MultiplyAdd(w2, r2, W.MultiplyAdd(w0, r0, W.Load(z + j)));
                W odd = W.MultiplyAdd(w3, r3, w1 * r1);
                W.Store(even + odd, z + j);
            }
            (y[0], y[1], y[2], y[3]) = (W.Sum(s0), W.Sum(s1), W.Sum(s2), W.Sum(s3));
        }
    }

    /// <summary>y ← M·x with a symmetric M [n, n], of which the upper triangle is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SymmetricTimes(double** rows, int n, double* x, double* y, Prefetching ahead)
    {
        Lanewise<OneLane<double>>.Fill(n, 0.0, y);
        int i = 0;
        for (; i + Height <= n; i += Height)
        {
            ahead.Ask();
            double* m0 = rows[i];
            double* m1 = rows[i + 1];
            double* m2 = rows[i + 2];
            double* m3 = rows[i + 3];
            W x0 = W.Broadcast(x[i]);
            W x1 = W.Broadcast(x[i + 1]);
            W x2 = W.Broadcast(x[i + 2]);
            W x3 = W.Broadcast(x[i + 3]);
            W s0 = W.Of(0.0);
            W s1 = s0;
            W s2 = s0;
            W s3 = s0;
            for (nint j = i + Height; j < n; j += W.Count)
            {
                nint left = n - j;
                W xs = Lane.Load<W, double>(x + j, left);
                W r0 = Lane.Load<W, double>(m0 + j, left);
                W r1 = Lane.Load<W, double>(m1 + j, left);
                W r2 = Lane.Load<W, double>(m2 + j, left);
                W r3 = Lane.Load<W, double>(m3 + j, left);
                s0 = W.MultiplyAdd(r0, xs, s0);
                s1 = W.MultiplyAdd(r1, xs, s1);
                s2 = W.MultiplyAdd(r2, xs, s2);
                s3 = W.MultiplyAdd(r3, xs, s3);
                W even = W.MultiplyAdd(x2, r2, W.MultiplyAdd(x0, r0, Lane.Load<W, double>(y + j, left)));
                W odd = W.MultiplyAdd(x3, r3, x1 * r1);
                Lane.Store(even + odd, y + j, left);
            }
            y[i] += W.Sum(s0);
            y[i + 1] += W.Sum(s1);
            y[i + 2] += W.Sum(s2);
            y[i + 3] += W.Sum(s3);
            Corner(rows, i, i + Height, x, y);
        }
        Corner(rows, i, n, x, y);
    }

    /// <summary>y ← y + M·x with a diagonal block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Corner(double** rows, int start, int end, double* x, double* y)
    {
        for (int i = start; i < end; i++)
        {
            double* row = rows[i];
            double sum = Math.FusedMultiplyAdd(row[i], x[i], y[i]);
            for (int j = i + 1; j < end; j++)
            {
                sum = Math.FusedMultiplyAdd(row[j], x[j], sum);
                y[j] = Math.FusedMultiplyAdd(row[j], x[i], y[j]);
            }
            y[i] = sum;
        }
    }
}
