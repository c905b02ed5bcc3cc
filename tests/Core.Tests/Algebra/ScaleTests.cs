using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>Derivatives of decompositions do not depend on the units of the matrix, and exist where a value is exactly 0.</summary>
public sealed class ScaleTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Unitless = new()
    {
        ["svd"] = a => Vectors(Tensor.Svd(a).U) + Vectors(Tensor.Svd(a).Vt),
        ["pinv"] = a => Tensor.Sum(Tensor.Pow(Tensor.Pinv(a) * Tensor.StopGradient(Tensor.MaxNorm(a)), 3.0)),
    };

    [Theory]
    [InlineData("svd", 3, 3)]
    [InlineData("svd", 4, 2)]
    [InlineData("svd", 2, 4)]
    [InlineData("pinv", 3, 3)]
    [InlineData("pinv", 4, 2)]
    [InlineData("pinv", 2, 4)]
    public void Derivatives_are_those_of_the_matrix_in_other_units(string name, int m, int n)
    {
        Func<Tensor, Tensor> f = Unitless[name];
        Tensor a = Some(m, n);
        Tensor v = Tensor.Cos(a);
        Tensor gradient = Differentiation.Grad(f, a);
        foreach (double scale in new[] { Math.ScaleB(1.0, -700), Math.ScaleB(1.0, 700) })
        {
            Close.Elementwise(gradient.ToArray(), (Differentiation.Grad(f, a * scale) * scale).ToArray(), 1e-11);
            Tensor tangent = Differentiation.Jvp(f, a * scale, v * scale).Tangent;
            Close.Elementwise([Tensor.Sum(gradient * v).ToDouble()], [tangent.ToDouble()], 1e-11);
        }
    }

    [Fact]
    public void Singular_vectors_of_a_square_matrix_move_though_a_value_is_zero()
    {
        Tensor a = Tensor.Diag(Tensor.Of(2.0, 1.0, 0.0));
        Tensor v = Some(3, 3);
        double pulled = Tensor.Sum(Differentiation.Grad(Projections, a) * v).ToDouble();
        Close.Elementwise([Differentiation.Jvp(Projections, a, v).Tangent.ToDouble()], [pulled], 1e-13);
        double expected = Differences.Along(
            s => [Projections(a + (s[0][0] * v)).ToDouble()],
            [
                [0.0],
            ],
            [
                [1.0],
            ]
        )[0];
        Close.Elementwise([expected], [pulled], 1e-8);

        // Whatever the signs of the vectors.
        static Tensor Projections(Tensor a)
        {
            (Tensor u, _, Tensor vt) = Tensor.Svd(a);
            Tensor weights = Tensor.Of(1.0, 2.0, 4.0);
            return Tensor.Sum(Tensor.Pow(Tensor.MatMul(u * weights, u.T) + 1.0, 3.0))
                + Tensor.Sum(Tensor.Pow(Tensor.MatMul(vt.T * weights, vt) + 1.0, 3.0));
        }
    }

    private static Tensor Some(int m, int n)
    {
        Tensor places = Tensor.Linspace(1.0, 9.0, m * n);
        return Tensor.Reshape(Tensor.Sin(places * places), [m, n]);
    }

    private static Tensor Vectors(Tensor columns) => Tensor.Sum(Tensor.Pow(columns, 4.0));
}
