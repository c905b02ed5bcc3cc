using Implicit.Kernels;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>That each factorisation gets its operands in order, item by item; how exact they are is tested with the routines.</summary>
public sealed class FactoriseTests
{
    private const int Batch = 3;
    private static readonly IndexMap Vector = new(0, [1]);
    private static readonly DType[] Floats = [DType.Float64, DType.Float32];

    [Fact]
    public void A_cholesky_factor_times_its_transpose_is_the_matrix()
    {
        foreach (DType dtype in Floats)
        {
            double[] a = Definite(4);
            double[] l = Run(Factorisation.Cholesky, dtype, 4, 4, [a], 16)[0];
            AssertClose(a, Product(l, Transpose(l, 4, 4), 4, 4, 4), dtype);
        }
    }

    [Theory]
    [InlineData(Factorisation.SolveLower, true)]
    [InlineData(Factorisation.SolveUpper, false)]
    public void A_triangle_times_the_solution_is_the_right_side(object kind, bool isLower)
    {
        foreach (DType dtype in Floats)
        {
            double[] t = Triangle(3, isLower, unit: false);
            double[] b = Numbers(3 * 2);
            double[] x = Run((Factorisation)kind, dtype, 3, 2, [t, b], 6)[0];
            AssertClose(b, Product(t, x, 3, 3, 2), dtype);
        }
    }

    [Fact]
    public void A_unit_triangle_has_ones_whatever_is_stored()
    {
        double[] stored = Triangle(3, isLower: true, unit: false);
        double[] unit = Triangle(3, isLower: true, unit: true);
        double[] b = Numbers(3 * 2);
        AssertClose(
            b,
            Product(unit, Run(Factorisation.SolveLowerUnit, DType.Float64, 3, 2, [stored, b], 6)[0], 3, 3, 2),
            DType.Float64
        );
    }

    [Fact]
    public void L_times_U_is_the_permuted_matrix()
    {
        foreach (DType dtype in Floats)
        {
            double[] a = Numbers(9);
            double[][] results = Run(Factorisation.Lu, dtype, 3, 3, [a], 9, -3);
            double[] l = Part(
                results[0],
                3,
                (i, j, x) =>
                    i == j ? 1
                    : i > j ? x
                    : 0
            );
            double[] u = Part(results[0], 3, (i, j, x) => i <= j ? x : 0);
            double[] permuted =
            [
                .. Enumerable.Range(0, Batch * 9).Select(e => a[(e / 9 * 9) + ((int)results[1][e / 3] * 3) + (e % 3)]),
            ];
            AssertClose(permuted, Product(l, u, 3, 3, 3), dtype);
        }
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(2, 4)]
    public void Q_times_R_and_the_singular_factors_give_the_matrix(int m, int n)
    {
        foreach (DType dtype in Floats)
        {
            int k = Math.Min(m, n);
            double[] a = Numbers(m * n);
            double[][] qr = Run(Factorisation.Qr, dtype, m, n, [a], m * k, k * n);
            AssertClose(a, Product(qr[0], qr[1], m, k, n), dtype);
            double[][] svd = Run(Factorisation.Svd, dtype, m, n, [a], m * k, k, k * n);
            AssertClose(a, Product(Scaled(svd[0], svd[1], m, k), svd[2], m, k, n), dtype);
        }
    }

    [Fact]
    public void Eigenvectors_diagonalise_the_matrix()
    {
        foreach (DType dtype in Floats)
        {
            double[] a = Definite(4);
            double[][] eigen = Run(Factorisation.SymmetricEigen, dtype, 4, 4, [a], 4, 16);
            AssertClose(a, Product(Scaled(eigen[1], eigen[0], 4, 4), Transpose(eigen[1], 4, 4), 4, 4, 4), dtype);
        }
    }

    [Fact]
    public void A_failure_names_the_operation_the_item_and_what_must_hold()
    {
        double[] indefinite = Definite(2);
        indefinite[7] = -5;
        Assert.Equal(
            "[cholesky] the matrix must be positive definite. Received item 1 with pivot 1 not positive.",
            Failure(Factorisation.Cholesky, 2, 2, [indefinite], 4)
        );
        double[] singular = Numbers(4);
        singular[8] = singular[9] = singular[10] = singular[11] = 2;
        Assert.Equal(
            "[lu] the matrix must not be singular. Received item 2 without a pivot in column 1.",
            Failure(Factorisation.Lu, 2, 2, [singular], 4, -2)
        );
        double[] triangle = Triangle(2, isLower: true, unit: false);
        triangle[0] = 0;
        Assert.Equal(
            "[solveTriangular] the diagonal must not be zero. Received item 0 with a zero in row 0.",
            Failure(Factorisation.SolveLower, 2, 1, [triangle, Numbers(2)], 2)
        );
        double[] infinite = Numbers(4);
        infinite[5] = double.NaN;
        Assert.StartsWith(
            "[svd] the matrix must be finite",
            Failure(Factorisation.Svd, 2, 2, [infinite], 4, 2, 4),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "[eigh] the matrix must be finite",
            Failure(
                Factorisation.SymmetricEigen,
                2,
                2,
                [
                    [.. infinite.Select(_ => double.NaN)],
                ],
                2,
                4
            ),
            StringComparison.Ordinal
        );
    }

    private static string Failure(Factorisation kind, int m, int n, double[][] inputs, params int[] sizes) =>
        Assert.Throws<TensorException>(() => Run(kind, DType.Float64, m, n, inputs, sizes)).Message;

    /// <summary>Sizes are per item; a negative one means int64.</summary>
    private static double[][] Run(Factorisation kind, DType dtype, int m, int n, double[][] inputs, params int[] sizes)
    {
        var builder = new ProgramBuilder();
        Operand[] reads = [.. inputs.Select(values => new Operand(builder.Input(dtype, values), Vector))];
        Operand[] writes =
        [
            .. sizes.Select(size => new Operand(
                builder.Output(size < 0 ? DType.Int64 : dtype, Batch * Math.Abs(size)),
                Vector
            )),
        ];
        builder.Then(new Factorise(kind, Batch, m, n, [.. reads], [.. writes]));
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(builder.Prepare(), results);
        return [.. results.Select(result => TestElements.Of(result!))];
    }

    private static double[] Numbers(int perItem) =>
        [.. Enumerable.Range(0, Batch * perItem).Select(i => Math.Sin((i * i * 0.7) + (i * 1.3) + 0.3) * 2)];

    private static double[] Triangle(int n, bool isLower, bool unit) =>
        Part(
            Numbers(n * n),
            n,
            (i, j, x) =>
                i == j ? (unit ? 1 : 2 + (x * x))
                : i > j == isLower ? x
                : 0
        );

    private static double[] Definite(int n)
    {
        double[] b = Numbers(n * n);
        return Part(Product(b, Transpose(b, n, n), n, n, n), n, (i, j, x) => i == j ? x + 1 : x);
    }

    private static double[] Part(double[] a, int n, Func<int, int, double, double> element) =>
        [.. a.Select((x, e) => element(e / n % n, e % n, x))];

    private static double[] Transpose(double[] a, int m, int n) =>
        [.. a.Select((_, e) => a[(e / (m * n) * m * n) + (e % m * n) + (e / m % n)])];

    private static double[] Scaled(double[] a, double[] s, int m, int k) =>
        [.. a.Select((x, e) => x * s[(e / (m * k) * k) + (e % k)])];

    private static double[] Product(double[] a, double[] b, int m, int k, int n) =>
        [
            .. Enumerable
                .Range(0, Batch * m * n)
                .Select(e =>
                    Enumerable.Range(0, k).Sum(l => a[(e / n * k) + l] * b[(e / (m * n) * k * n) + (l * n) + (e % n)])
                ),
        ];

    private static void AssertClose(double[] expected, double[] actual, DType dtype)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], dtype == DType.Float64 ? 1e-12 : 1e-4);
    }
}
