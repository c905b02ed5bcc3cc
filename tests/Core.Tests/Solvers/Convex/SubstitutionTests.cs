using Implicit.Backends.Cpu;
using Implicit.Solvers.Convex;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>What large programs are solved with, against sums written out, in all widths of vectors and at all ends of rows.</summary>
public sealed unsafe class SubstitutionTests
{
    private readonly Random random = new(7);
    private readonly Prefetching ahead = new();

    [Fact]
    public void Strips_solve_what_the_triangle_does()
    {
        for (int n = 1; n <= 34; n++)
        {
            Strips<Lanes128<double>>(n);
            Strips<Lanes256<double>>(n);
            Strips<Lanes512<double>>(n);
        }
    }

    [Fact]
    public void Products_with_rows_anywhere()
    {
        for (int n = 1; n <= 21; n++)
        for (int rows = 0; rows <= 9; rows++)
        {
            Products<Lanes128<double>>(rows, n);
            Products<Lanes256<double>>(rows, n);
            Products<Lanes512<double>>(rows, n);
        }
    }

    [Fact]
    public void A_symmetric_product_reads_the_upper_triangle()
    {
        for (int n = 1; n <= 34; n++)
        {
            Symmetric<Lanes128<double>>(n);
            Symmetric<Lanes256<double>>(n);
            Symmetric<Lanes512<double>>(n);
        }
    }

    private void Strips<W>(int n)
        where W : unmanaged, ILanes<W, double>
    {
        var scratch = new Scratch(1);
        int padded = FactorStrips.Padded(n);
        double* upper = Numbers(scratch, n * n);
        for (int i = 0; i < n; i++)
            upper[i * (n + 1)] += 3.0;
        double* strips = scratch.Take(FactorStrips.Length(n));
        double* inverses = scratch.Take(padded);
        FactorStrips.Pack(n, upper, strips, inverses);
        double[] exact = Numbers(n);
        double[] lower = new double[n];
        double[] both = new double[n];
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
        {
            lower[j] += upper[(i * n) + j] * exact[i];
            both[i] += upper[(i * n) + j] * exact[j];
        }
        double* x = scratch.Take(padded);
        lower.CopyTo(new Span<double>(x, n));
        FactorStrips.Forward<W>(n, strips, inverses, x, ahead);
        Close.Normwise(exact, new Span<double>(x, n).ToArray(), 1e-12);
        both.CopyTo(new Span<double>(x, n));
        FactorStrips.Backward<W>(n, strips, inverses, x, ahead);
        Close.Normwise(exact, new Span<double>(x, n).ToArray(), 1e-12);
        Assert.All(new Span<double>(x + n, padded - n).ToArray(), number => Assert.Equal(0.0, number));
        GC.KeepAlive(scratch);
    }

    private void Products<W>(int count, int n)
        where W : unmanaged, ILanes<W, double>
    {
        var scratch = new Scratch(1);
        int filled = RowProducts<W>.Filled(count);
        double* matrix = Numbers(scratch, 2 * (count + 1) * n);
        double** rows = (double**)scratch.Take(filled);
        for (int k = 0; k < filled; k++)
            rows[k] = matrix + (k < count ? ((2 * (count - 1 - k)) + 1) * n : 0);
        double* x = Padded(scratch, Numbers(n));
        double* w = scratch.Take(filled);
        Numbers(count).CopyTo(new Span<double>(w, count));
        double[] start = Numbers(n);
        double[] y = new double[count];
        double[] z = [.. start];
        for (int k = 0; k < count; k++)
        for (int j = 0; j < n; j++)
        {
            y[k] += rows[k][j] * x[j];
            z[j] += rows[k][j] * w[k];
        }
        double* foundY = scratch.Take(filled);
        double* foundZ = Padded(scratch, start);
        RowProducts<W>.Times(count, rows, n, x, foundY, ahead);
        RowProducts<W>.AddTransposedTimes(count, rows, n, w, foundZ, ahead);
        Close.Normwise(y, new Span<double>(foundY, count).ToArray(), 1e-14);
        Close.Normwise(z, new Span<double>(foundZ, n).ToArray(), 1e-14);
        foundY = scratch.Take(filled);
        foundZ = Padded(scratch, start);
        RowProducts<W>.Both(count, rows, n, x, w, foundY, foundZ, ahead);
        Close.Normwise(y, new Span<double>(foundY, count).ToArray(), 1e-14);
        Close.Normwise(z, new Span<double>(foundZ, n).ToArray(), 1e-14);
        GC.KeepAlive(scratch);
    }

    private void Symmetric<W>(int n)
        where W : unmanaged, ILanes<W, double>
    {
        var scratch = new Scratch(1);
        double* matrix = Numbers(scratch, n * n);
        double** rows = (double**)scratch.Take(n);
        double[] expected = new double[n];
        double* x = Padded(scratch, Numbers(n));
        for (int i = 0; i < n; i++)
        {
            rows[i] = matrix + (i * n);
            for (int j = 0; j < n; j++)
                expected[i] += matrix[(Math.Min(i, j) * n) + Math.Max(i, j)] * x[j];
        }
        double* y = Padded(scratch, Numbers(n));
        RowProducts<W>.SymmetricTimes(rows, n, x, y, ahead);
        Close.Normwise(expected, new Span<double>(y, n).ToArray(), 1e-14);
        GC.KeepAlive(scratch);
    }

    private static double* Padded(Scratch scratch, double[] numbers)
    {
        double* all = scratch.Take(FactorStrips.Padded(numbers.Length));
        numbers.CopyTo(new Span<double>(all, numbers.Length));
        return all;
    }

    private double* Numbers(Scratch scratch, int count)
    {
        double* numbers = scratch.Take(count);
        Numbers(count).CopyTo(new Span<double>(numbers, count));
        return numbers;
    }

    private double[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (2.0 * random.NextDouble()) - 1.0)];
}
