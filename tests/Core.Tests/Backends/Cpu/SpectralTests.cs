using System.Numerics;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>QR, symmetric eigenvalues and singular values: reconstruction, orthonormality, order, and known spectra.</summary>
public sealed unsafe class SpectralTests
{
    public static TheoryData<int, int> Shapes =>
        new()
        {
            { 1, 1 },
            { 2, 2 },
            { 5, 3 },
            { 3, 5 },
            { 16, 16 },
            { 40, 7 },
            { 7, 40 },
            { 65, 65 },
            { 90, 33 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Qr_reconstructs_with_orthonormal_columns(int m, int n)
    {
        CheckQr<Lanes512<double>, double>(m, n, Dense.Random<double>(m, n, m));
        CheckQr<Lanes256<float>, float>(m, n, Dense.Random<float>(m, n, m));
        CheckQr<Lanes512<double>, double>(m, n, new double[m * n]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Svd_reconstructs_with_orthonormal_vectors(int m, int n)
    {
        CheckSvd<Lanes512<double>, double>(m, n, Dense.Random<double>(m, n, m));
        CheckSvd<Lanes128<float>, float>(m, n, Dense.Random<float>(m, n, m));
        CheckSvd<Lanes512<double>, double>(m, n, new double[m * n]);
        CheckSvd<Lanes512<double>, double>(m, n, [.. Enumerable.Repeat(1e200, m * n)]);
        double[] rankTwo = Dense.Multiply(Dense.Random<double>(m, 2, 1), Dense.Random<double>(2, n, 2), m, 2, n);
        CheckSvd<Lanes512<double>, double>(m, n, rankTwo);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(90)]
    public void Eigenvectors_diagonalise(int n)
    {
        CheckEigen<Lanes512<double>, double>(n, Dense.PositiveDefinite<double>(n, n));
        CheckEigen<Lanes512<float>, float>(n, Dense.PositiveDefinite<float>(n, n));
        CheckEigen<Lanes256<double>, double>(n, Dense.Identity(n));
        CheckEigen<Lanes512<double>, double>(n, new double[n * n]);
        CheckEigen<Lanes512<double>, double>(n, [.. Enumerable.Repeat(1e-200, n * n)]);
    }

    [Fact]
    public void The_second_difference_matrix_has_its_known_eigenvalues()
    {
        const int n = 50;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            a[i * n + i] = 2;
            if (i > 0)
                a[i * n + i - 1] = -1;
        }
        double[] w = new double[n];
        double[] v = new double[n * n];
        fixed (
            double* p = a,
                q = w,
                r = v
        )
            Assert.Equal(0, SymmetricEigen<Lanes512<double>, double>.Run(n, p, q, r));
        double[] known = [.. Enumerable.Range(1, n).Select(k => 4 * Math.Pow(Math.Sin(k * Math.PI / (2 * n + 2)), 2))];
        Assert.InRange(Dense.Distance(w, known), 0, 1e-14);
    }

    /// <summary>The error of a column is a rounding error of that column, however large the others are (Higham 2002, Theorem 19.4).</summary>
    [Theory]
    [InlineData(40, 40)]
    [InlineData(70, 35)]
    public void Qr_keeps_the_digits_of_small_columns(int m, int n)
    {
        double[] scales = [.. Enumerable.Range(0, n).Select(j => Math.Pow(10, -7 * ((j * 5) % 40)))];
        double[] a = Dense.ScaleColumns(Dense.Random<double>(m, n, 3), scales, n);
        (double[] q, double[] r) = Qr<Lanes512<double>, double>(m, n, a);
        double[] inverse = [.. scales.Select(scale => 1 / scale)];
        double[] product = Dense.ScaleColumns(Dense.Multiply(q, r, m, n, n), inverse, n);
        Assert.InRange(Dense.Distance(product, Dense.ScaleColumns(a, inverse, n)), 0, 1e-14);
    }

    [Fact]
    public void Small_singular_values_keep_their_digits_under_column_scaling()
    {
        (double[] q, _) = Qr<Lanes512<double>, double>(20, 6, Dense.Random<double>(20, 6, 9));
        double[] d = [1, 1e-4, 1e-8, 1e-12, 1e-16, 1e-20];
        (_, double[] s, _) = Svd<Lanes512<double>, double>(20, 6, Dense.ScaleColumns(q, d, 6));
        for (int i = 0; i < 6; i++)
            Assert.InRange(s[i] / d[i], 1 - 1e-13, 1 + 1e-13);
    }

    [Fact]
    public void Numbers_that_are_none_are_reported()
    {
        double[] a = Dense.Identity(4);
        a[9] = double.NaN;
        double[] w = new double[4];
        double[] v = new double[16];
        double[] u = new double[16];
        fixed (
            double* p = a,
                q = w,
                r = v,
                t = u
        )
        {
            Assert.NotEqual(0, SymmetricEigen<Lanes512<double>, double>.Run(4, p, q, r));
            Assert.NotEqual(0, SingularValues<Lanes512<double>, double>.Run(4, 4, p, t, q, r));
        }
    }

    private static void CheckQr<V, T>(int m, int n, T[] a)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        (T[] q, T[] r) = Qr<V, T>(m, n, a);
        AssertOrthonormalColumns(q, m, k);
        Assert.InRange(Dense.Distance(Dense.Multiply(q, r, m, k, n), a), 0, Precision<T>() * 3 * (m + n));
        for (int i = 0; i < k; i++)
            Assert.All(r[(i * n)..(i * n + i)], value => Assert.Equal(T.Zero, value));
    }

    private static (T[] Q, T[] R) Qr<V, T>(int m, int n, T[] a)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        T[] q = new T[m * k];
        T[] r = new T[k * n];
        fixed (
            T* p = a,
                pq = q,
                pr = r
        )
            Assert.Equal(0, QrFactorisation<V, T>.Run(m, n, p, pq, pr));
        return (q, r);
    }

    private static void CheckSvd<V, T>(int m, int n, T[] a)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        (T[] u, T[] s, T[] vt) = Svd<V, T>(m, n, a);
        AssertOrthonormalColumns(u, m, k);
        AssertOrthonormalColumns(Dense.Transpose(vt, k, n), n, k);
        Assert.Equal(s.OrderDescending(), s);
        Assert.All(s, value => Assert.True(value >= T.Zero));
        double scale = Math.Max(double.CreateTruncating(s[0]), double.Epsilon);
        double[] product = Dense.Multiply(Dense.ScaleColumns(u, s, k), vt, m, k, n);
        Assert.InRange(Dense.Distance(product, a), 0, Precision<T>() * 3 * (m + n) * scale);
    }

    private static (T[] U, T[] S, T[] Vt) Svd<V, T>(int m, int n, T[] a)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        T[] u = new T[m * k];
        T[] s = new T[k];
        T[] vt = new T[k * n];
        fixed (
            T* p = a,
                pu = u,
                ps = s,
                pv = vt
        )
            Assert.Equal(0, SingularValues<V, T>.Run(m, n, p, pu, ps, pv));
        return (u, s, vt);
    }

    private static void CheckEigen<V, T>(int n, T[] a)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] w = new T[n];
        T[] v = new T[n * n];
        fixed (
            T* p = a,
                pw = w,
                pv = v
        )
            Assert.Equal(0, SymmetricEigen<V, T>.Run(n, p, pw, pv));
        AssertOrthonormalColumns(v, n, n);
        Assert.Equal(w.Order(), w);
        double scale = w.Max(value => Math.Abs(double.CreateTruncating(value)));
        double[] product = Dense.Multiply(Dense.ScaleColumns(v, w, n), Dense.Transpose(v, n, n), n, n, n);
        Assert.InRange(Dense.Distance(product, a), 0, Precision<T>() * 4 * (n + 4) * Math.Max(scale, double.Epsilon));
    }

    private static void AssertOrthonormalColumns<T>(T[] q, int m, int k)
        where T : INumber<T>
    {
        double[] gram = Dense.Multiply(Dense.Transpose(q, m, k), q, k, m, k);
        Assert.InRange(Dense.Distance(gram, Dense.Identity(k)), 0, Precision<T>() * 3 * (m + 4));
    }

    private static double Precision<T>() => typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52);
}
