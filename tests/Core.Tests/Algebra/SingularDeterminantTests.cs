using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>The determinant of a singular matrix is 0, alone and among others, side by side or by blocks.</summary>
public sealed class SingularDeterminantTests
{
    public static MatrixTheoryData<int, int, DType> Cases =>
        new([1, 2, 5, 40], [1, 3, 40], [DType.Float64, DType.Float32]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_zero_and_its_logarithm_infinite(int n, int items, DType dtype)
    {
        Tensor batch = Tensor.Stack([
            .. Enumerable.Range(0, items).Select(i => Tensor.Cast(Matrix(n, i, i % 3 == 0), dtype)),
        ]);
        double[] values = Tensor.Det(batch).ToArray<double>();
        (Tensor sign, Tensor logarithm) = Tensor.SlogDet(batch);
        for (int i = 0; i < items; i++)
        {
            (Tensor aloneSign, Tensor aloneLogarithm) = Tensor.SlogDet(batch[i]);
            Assert.Equal(aloneSign.ToDouble(), sign[i].ToDouble());
            Close.Elementwise(aloneLogarithm.ToArray<double>(), logarithm[i].ToArray<double>(), 1e-5);
            Assert.Equal(i % 3 == 0, values[i] == 0.0);
            Assert.Equal(i % 3 == 0 ? 0.0 : Math.Sign(values[i]), aloneSign.ToDouble());
            Assert.Equal(i % 3 == 0, double.IsNegativeInfinity(aloneLogarithm.ToDouble()));
        }
    }

    [Fact]
    public void What_divides_by_it_is_an_error()
    {
        Tensor batch = Tensor.Stack([Matrix(3, 1, false), Matrix(3, 2, true)]);
        foreach (
            Func<Tensor, Tensor> f in new Func<Tensor, Tensor>[]
            {
                Tensor.Inverse,
                a => Tensor.Solve(a, Tensor.Ones([3, 2])),
                a => Differentiation.Grad(b => Tensor.Sum(Tensor.Det(b)), a),
                a => Differentiation.Jvp(Tensor.Det, a, Tensor.OnesLike(a)).Tangent,
                a => Differentiation.Grad(b => Tensor.Sum(Tensor.SlogDet(b).LogAbs), a),
            }
        )
        {
            TensorException error = Assert.Throws<TensorException>(() => f(batch).ToArray());
            Assert.StartsWith(
                "[lu] the matrix must not be singular. Received item 1 without a pivot in column 2",
                error.Message,
                StringComparison.Ordinal
            );
        }
        Assert.Equal(
            "[logdet] the determinant must be positive (use slogdet). Received zero for item 1 of 2.",
            Assert.Throws<TensorException>(() => Tensor.LogDet(batch).ToArray()).Message
        );
    }

    /// <summary>In no place: the second of these has a pivot nowhere but a zero to multiply what is no number.</summary>
    [Fact]
    public void What_is_not_finite_has_none()
    {
        foreach (double[] elements in new double[][] { [double.NaN, 0, 0, 1], [0, double.NaN, 0, 1] })
            Assert.StartsWith(
                "[lu] the matrix must be finite",
                Assert.Throws<TensorException>(() => Tensor.Det(Tensor.Of(elements, [2, 2])).ToArray()).Message,
                StringComparison.Ordinal
            );
    }

    /// <summary>Quarters; where it is singular, its last row is its first, or zero.</summary>
    private static Tensor Matrix(int n, int seed, bool isSingular)
    {
        double[] elements =
        [
            .. Enumerable.Range(0, n * n).Select(i => (i % (n + 1) == 0 ? n + 2.0 : 0.0) + (i * (seed + 7) % 11 / 4.0)),
        ];
        if (isSingular && n > 1)
            elements.AsSpan(0, n).CopyTo(elements.AsSpan((n - 1) * n));
        return Tensor.Of(isSingular && n == 1 ? [0.0] : elements, [n, n]);
    }
}
