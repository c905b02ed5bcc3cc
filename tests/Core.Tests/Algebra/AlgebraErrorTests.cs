using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>What cannot be computed is said when it is asked for, or when its value is; never a NaN.</summary>
public sealed class AlgebraErrorTests
{
    private static readonly Tensor Wide = Tensor.Ones([2, 3]);
    private static readonly Tensor Singular = Tensor.Of([1, 2, 3, 4, 2, 4, 1, 2], [2, 2, 2]);
    private static readonly Tensor Indefinite = Tensor.Of([2, 0, 0, 2, 1, 2, 2, 1], [2, 2, 2]);

    [Fact]
    public void A_matrix_that_is_not_square_is_refused_at_once()
    {
        Refused("[cholesky] the matrix must be square. Received float64[2, 3].", () => Tensor.Cholesky(Wide));
        Refused("[solve] the matrix must be square", () => Tensor.Solve(Wide, Tensor.Ones([2])));
        Refused("[inverse] the matrix must be square", () => Tensor.Inverse(Wide));
        Refused("[det] the matrix must be square", () => Tensor.Det(Wide));
        Refused("[logdet] the matrix must be square", () => Tensor.LogDet(Wide));
        Refused("[eigh] the matrix must be square", () => Tensor.Eigh(Wide));
        Refused("[lu] the matrix must be square", () => Tensor.Lu(Wide));
        Refused("[solveTriangular] the matrix must be square", () => Tensor.SolveTriangular(Wide, Wide));
        Refused("[lstsq] the matrix must have at least as many rows", () => Tensor.Lstsq(Wide, Tensor.Ones([2])));
    }

    [Fact]
    public void What_is_no_matrix_is_refused_at_once()
    {
        Refused("[svd] the operand must be a floating-point matrix", () => Tensor.Svd(Tensor.Ones([3])));
        Refused("[qr] the operand must be a floating-point matrix", () => Tensor.Qr(Tensor.Ones([2, 2], DType.Int64)));
        Refused("[outer] both operands must be vectors", () => Tensor.Outer(Wide, Wide));
        Refused("[dot] the vectors must be equally long", () => Tensor.Dot(Tensor.Ones([2]), Tensor.Ones([3])));
    }

    [Fact]
    public void A_right_side_that_does_not_fit_is_refused_at_once()
    {
        Refused("[solve] the right side must be", () => Tensor.Solve(Tensor.Eye(3), Tensor.Ones([2])));
        Refused("[solve] element types must agree", () => Tensor.Solve(Tensor.Eye(3), Tensor.Ones([3], DType.Float32)));
        Refused("[solve] shapes must agree", () => Tensor.Solve(Tensor.Ones([2, 3, 3]), Tensor.Ones([4, 3, 1])));
    }

    [Fact]
    public void A_factorisation_that_fails_names_the_item()
    {
        Refused("[cholesky]", () => Tensor.Cholesky(Indefinite).ToArray(), "item 1");
        Refused("[lu]", () => Tensor.Solve(Singular, Tensor.Ones([2, 1])).ToArray(), "item 1");
        Refused("[lu]", () => Tensor.Lu(Singular).U.ToArray(), "item 1");
        Refused("[lu]", () => Tensor.Inverse(Tensor.Zeros([2, 2])).ToArray());
        Refused("[solveTriangular]", () => Tensor.SolveTriangular(Tensor.Zeros([2, 2]), Wide).ToArray());
    }

    /// <summary>Rounding leaves a little on the diagonal of R; in any units.</summary>
    [Fact]
    public void Least_squares_ask_for_independent_columns()
    {
        var one = Tensor.Of(
            new double[,]
            {
                { 1, 2, 0.3 },
                { 4, 5, -0.9 },
                { 7, 8, 1.5 },
                { 1, 1, 0.2 },
            }
        );
        var batch = Tensor.Stack([one, Dependent(one)]);
        Refused("[lstsq] the columns", () => Tensor.Lstsq(batch, Tensor.Ones([4, 1])).ToArray(), "item 1");
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
        foreach (double unit in new[] { 1e-18, 1.0, 1e18 })
        {
            Tensor units = Tensor.Of(1.0, unit, 1.0 / unit);
            Tensor right = Tensor.Ones([4], dtype);
            Tensor x = Tensor.Lstsq(Tensor.Cast(one * units, dtype), right);
            Assert.All(x.ToArray<double>(), element => Assert.True(double.IsFinite(element)));
            Refused(
                "[lstsq] the columns",
                () => Tensor.Lstsq(Tensor.Cast(Dependent(one) * units, dtype), right).ToArray<double>(),
                "a matrix whose column 2"
            );
        }

        static Tensor Dependent(Tensor a) =>
            Tensor.Concat(
                [
                    a[.., ..2],
                    Tensor.MatMul(
                        a[.., ..2],
                        Tensor.Of(
                            new double[,]
                            {
                                { 1.0 / 3 },
                                { 0.7 },
                            }
                        )
                    ),
                ],
                1
            );
    }

    [Fact]
    public void No_number_is_an_error_too()
    {
        Tensor bad = Tensor.Of([double.NaN, 0, 0, 1], [2, 2]);
        Refused("[cholesky] the matrix must be finite", () => Tensor.Cholesky(bad).ToArray());
        Refused("[lu] the matrix must be finite", () => Tensor.Solve(bad, Tensor.Ones([2])).ToArray());
        Refused("[lu] the matrix must be finite", () => Tensor.Lu(bad).U.ToArray());
        Refused(
            "[qr] the matrix must be finite",
            () => Tensor.Qr(Tensor.Stack([Tensor.Eye(2), bad])).R.ToArray(),
            "item 1"
        );
        Refused("[eigh]", () => Tensor.Eigh(bad).Values.ToArray());
        Refused("[lstsq]", () => Tensor.Lstsq(bad, Tensor.Ones([2])).ToArray());
        Refused("[svd]", () => Tensor.Svd(bad).S.ToArray());
    }

    [Fact]
    public void The_logarithm_of_a_negative_determinant_is_an_error() =>
        Refused(
            "[logdet] the determinant must be positive (use slogdet)",
            () => Tensor.LogDet(Tensor.Of([1, 0, 0, 1, 0, 1, 1, 0], [2, 2, 2])).ToArray(),
            "item 1 of 2"
        );

    [Fact]
    public void Vectors_of_equal_eigenvalues_have_no_derivative()
    {
        Refused(
            "[eigh] the derivative of the vectors exists only where the eigenvalues are distinct",
            () => Gradient(a => Tensor.Sum(Tensor.Eigh(a).Vectors), Tensor.Eye(2)),
            "eigenvalues 0 and 1 = 1 and 1"
        );
        Assert.Equal([1, 0, 0, 1], Gradient(a => Tensor.Sum(Tensor.Eigh(a).Values), Tensor.Eye(2)));
    }

    [Fact]
    public void Vectors_of_equal_or_vanishing_singular_values_have_no_derivative()
    {
        Refused("[svd]", () => Gradient(a => Tensor.Sum(Tensor.Svd(a).U), Tensor.Eye(2)), "are distinct");
        Refused(
            "[svd]",
            () => Gradient(a => Tensor.Sum(Tensor.Svd(a).U), Tensor.Of([1, 0, 0, 0, 0, 0], [3, 2])),
            "no singular value is zero"
        );
        Assert.Equal([1, 0, 0, 1], Gradient(a => Tensor.Sum(Tensor.Svd(a).S), Tensor.Eye(2)));
    }

    [Fact]
    public void Factors_of_dependent_columns_have_no_derivative()
    {
        Tensor dependent = Tensor.Stack([Tensor.Eye(3)[.., ..2], Tensor.Ones([3, 2])]);
        foreach (Func<Tensor, Tensor> part in new Func<Tensor, Tensor>[] { a => Tensor.Qr(a).Q, a => Tensor.Qr(a).R })
        {
            Refused(
                "[qr] to be differentiated",
                () => Gradient(a => Tensor.Sum(part(a)), dependent),
                "item 1 whose column 1"
            );
            Refused(
                "[qr] to be differentiated",
                () => Differentiation.Jvp(part, dependent, dependent).Tangent.ToArray()
            );
        }
    }

    [Fact]
    public void A_wide_qr_has_a_value_but_no_derivative()
    {
        Assert.Equal([2, 3], Tensor.Qr(Wide).R.Shape);
        Refused("[qr] to be differentiated", () => Gradient(a => Tensor.Sum(Tensor.Qr(a).R), Wide));
    }

    private static double[] Gradient(Func<Tensor, Tensor> f, Tensor x) =>
        Differentiation.ValueAndGrad(f, x).Gradient.ToArray();

    private static void Refused(string start, Func<object?> run, string contained = "")
    {
        string message = Assert.Throws<TensorException>(run).Message;
        Assert.StartsWith(start, message);
        Assert.Contains(contained, message);
    }
}
