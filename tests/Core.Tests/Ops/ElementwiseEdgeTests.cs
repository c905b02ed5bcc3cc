using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Ops;

/// <summary>What elementwise functions do at kinks, infinities, NaN, and with what they cannot work with.</summary>
public sealed class ElementwiseEdgeTests
{
    private const double Infinity = double.PositiveInfinity;

    public static TheoryData<string> FloatOnly => [.. FloatFunctions.Keys];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> FloatFunctions = new()
    {
        ["exp"] = Tensor.Exp,
        ["expm1"] = Tensor.Expm1,
        ["log"] = Tensor.Log,
        ["log10"] = Tensor.Log10,
        ["log1p"] = Tensor.Log1p,
        ["sin"] = Tensor.Sin,
        ["cos"] = Tensor.Cos,
        ["tan"] = Tensor.Tan,
        ["asin"] = Tensor.Asin,
        ["acos"] = Tensor.Acos,
        ["atan"] = Tensor.Atan,
        ["sinh"] = Tensor.Sinh,
        ["cosh"] = Tensor.Cosh,
        ["tanh"] = Tensor.Tanh,
        ["sqrt"] = Tensor.Sqrt,
        ["erf"] = Tensor.Erf,
        ["sigmoid"] = Tensor.Sigmoid,
        ["softplus"] = Tensor.Softplus,
        ["relu"] = Tensor.Relu,
        ["gelu"] = Tensor.Gelu,
        ["silu"] = Tensor.Silu,
        ["isNaN"] = Tensor.IsNaN,
        ["divide"] = x => x / x,
        ["atan2"] = x => Tensor.Atan2(x, x),
        ["pow"] = x => Tensor.Pow(x, 2.5),
    };

    [Theory]
    [MemberData(nameof(FloatOnly))]
    public void Functions_of_floats_refuse_integers(string op)
    {
        string message = Assert.Throws<TensorException>(() => FloatFunctions[op](Tensor.Of([1L, 2L]))).Message;
        Assert.StartsWith(
            $"[{op}] the elements must be floating-point numbers (convert with cast). Received int64",
            message
        );
    }

    [Fact]
    public void Arithmetic_refuses_truth_values() => Refuses("[add]", () => Tensor.Of(1.0) > 0.0 + Mask());

    [Fact]
    public void Logic_refuses_numbers() => Refuses("[and]", () => Tensor.Of(1.0) & Mask());

    [Fact]
    public void Where_wants_truth_values() => Refuses("[where]", () => Tensor.Where(Tensor.Of(1.0), 1.0, 2.0));

    [Fact]
    public void Element_types_do_not_mix_silently() => Refuses("[add]", () => Tensor.Of(1.0) + Tensor.Of([1f]));

    [Fact]
    public void A_fraction_does_not_become_an_integer() => Refuses("[multiply]", () => Tensor.Of([2L]) * 0.5);

    [Theory]
    [InlineData(1e30)]
    [InlineData(9223372036854775808.0)]
    [InlineData(-1e19)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    [InlineData(0.5)]
    public void What_is_no_int64_does_not_become_one(double number)
    {
        Refuses("[add]", () => Tensor.Of([2L]) + number);
        Refuses("[scalar]", () => Tensor.Scalar(number, DType.Int64));
        Refuses("[full]", () => Tensor.Full([2], number, DType.Int64));
        Refuses("[tensor]", () => Tensor.Of([1.0, number], [2], DType.Int64));
    }

    [Fact]
    public void A_whole_number_that_float32_would_round_keeps_its_digits()
    {
        Tensor one = Tensor.Of(1.0);
        Assert.Equal(16777217.0, (one * 16777217L).ToDouble());
        Assert.Equal(16777218.0, (16777217u + one).ToDouble());
        Assert.Equal(281475010265089.0, Tensor.Pow(one * 16777217L, 2L).ToDouble());
    }

    [Fact]
    public void Bounds_that_do_not_ascend_are_an_error()
    {
        Refuses("[clamp]", () => Tensor.Clamp(Tensor.Of(1.0), 1.0, 0.0));
        Refuses("[clamp]", () => Tensor.Clamp(Tensor.Of(1.0), double.NaN, 0.0));
        Refuses("[uniform]", () => Tensor.Uniform(RandomKey.Of(0), [2], 0.0, double.NaN));
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_an_error() =>
        Refuses("[less]", () => Tensor.Of(1.0, 2.0) < Tensor.Of(1.0, 2.0, 3.0));

    [Fact]
    public void Plain_numbers_adapt_to_the_tensor_they_meet()
    {
        Assert.Equal(DType.Float32, (2 * Tensor.Of([1f]) + 1.5).DType);
        Assert.Equal(DType.Int64, Tensor.Maximum(3, Tensor.Of([1L])).DType);
        Assert.Equal(DType.Float32, Tensor.Where(Mask(), Tensor.Of([1f]), 0.0).DType);
        Assert.Equal(DType.Float32, (Tensor.Scalar(2.0, DType.Float32) * 3.0).DType);
        Assert.Equal(DType.Float32, (3.0 * Tensor.Scalar(2.0, DType.Float32)).DType);
    }

    [Fact]
    public void Derivatives_at_kinks_are_the_documented_ones()
    {
        Assert.Equal(0.0, Derivative(Tensor.Abs, 0.0));
        Assert.Equal(0.0, Derivative(Tensor.Relu, 0.0));
        Assert.Equal(0.5, Derivative(x => Tensor.Maximum(x, 1.0), 1.0));
        Assert.Equal(0.5, Derivative(x => Tensor.Minimum(1.0, x), 1.0));
        Assert.Equal(1.0, Derivative(x => Tensor.Maximum(x, x), 1.0));
        Assert.Equal(1.0, Derivative(x => Tensor.Clamp(x, 0.0, 1.0), 1.0));
        Assert.Equal(1.0, Derivative(x => Tensor.Clamp(x, 0.0, 1.0), 0.0));
        Assert.Equal(0.0, Derivative(x => Tensor.Clamp(x, 0.0, 1.0), 1.5));
        Assert.Equal(0.0, Derivative(Tensor.Floor, 1.0));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(1.0, 1.0)]
    [InlineData(1.5, 0.0)]
    [InlineData(2.0, 0.0)]
    [InlineData(3.0, 0.0)]
    [InlineData(0.5, Infinity)]
    public void Powers_have_the_right_derivative_at_zero(double exponent, double expected)
    {
        Assert.Equal(expected, Derivative(x => Tensor.Pow(x, exponent), 0.0));
        Assert.Equal(expected, Derivative(x => Tensor.Pow(x, Tensor.Of(exponent)), 0.0));
    }

    [Fact]
    public void The_second_derivative_of_a_square_at_zero_is_two() =>
        Assert.Equal(2.0, Derivative(x => Gradient(y => Tensor.Pow(y, Tensor.Of(2.0)), x), 0.0));

    [Fact]
    public void A_power_of_zero_does_not_move_with_its_exponent() =>
        Assert.Equal(0.0, Derivative(y => Tensor.Pow(Tensor.Of(0.0), y), 2.0));

    [Fact]
    public void Stable_forms_do_not_overflow()
    {
        Tensor x = Tensor.Of(-1000.0, 0.0, 1000.0);
        Assert.Equal([0.0, 0.5, 1.0], Tensor.Sigmoid(x).ToArray());
        Assert.Equal([0.0, Math.Log(2.0), 1000.0], Tensor.Softplus(x).ToArray());
        Assert.Equal([0.0, 0.0, 1000.0], Tensor.Silu(x).ToArray().Select(Math.Abs));
        Assert.Equal([0.0, 0.0, 1000.0], Tensor.Gelu(x).ToArray().Select(Math.Abs));
        Assert.Equal([0.0, 0.5, 1.0], Gradient(Tensor.Softplus, x).ToArray());
    }

    [Fact]
    public void NaN_passes_through_minimum_and_relu()
    {
        Assert.Equal(
            [double.NaN, double.NaN],
            Tensor.Minimum(Tensor.Of(double.NaN, 1.0), Tensor.Of(1.0, double.NaN)).ToArray()
        );
        Assert.Equal([double.NaN], Tensor.Relu(Tensor.Of(double.NaN)).ToArray());
        Assert.Equal([double.NaN], Tensor.Clamp(Tensor.Of(double.NaN), 0.0, 1.0).ToArray());
    }

    [Fact]
    public void Outside_their_domain_functions_are_NaN()
    {
        Tensor x = Tensor.Of(-2.0);
        foreach (
            Func<Tensor, Tensor> f in new[]
            {
                Tensor.Log,
                Tensor.Log10,
                Tensor.Log1p,
                Tensor.Sqrt,
                Tensor.Asin,
                Tensor.Acos,
            }
        )
            Assert.True(double.IsNaN(f(x).ToDouble()));
    }

    [Fact]
    public void Casts_drop_fractions_and_read_truth()
    {
        Assert.Equal(
            [0L, long.MaxValue, long.MinValue],
            Tensor.Cast(Tensor.Of(double.NaN, 1e30, -Infinity), DType.Int64).ToArray<long>()
        );
        Assert.Equal([-1L, 0L, 2L], Tensor.Cast(Tensor.Of(-1.9, 0.5, 2.9), DType.Int64).ToArray<long>());
        Assert.Equal([1.0, 0.0], Tensor.Cast(Tensor.Of(0.5, 0.0), DType.Bool).ToArray());
        Assert.Equal(1.0, Derivative(x => Tensor.Cast(Tensor.Cast(x, DType.Float32), DType.Float64), 0.1));
    }

    [Fact]
    public void Empty_tensors_stay_empty()
    {
        Tensor empty = Tensor.Of([], [0, 3]);
        Assert.Equal([0, 3], (Tensor.Exp(empty) + 1.0).Shape);
        Assert.Empty((Tensor.Exp(empty) + Tensor.Of(1.0, 2.0, 3.0)).ToArray());
    }

    private static Tensor Mask() => Tensor.Of(1.0) > 0.0;

    private static void Refuses(string op, Func<Tensor> build) =>
        Assert.StartsWith(op, Assert.Throws<TensorException>(build).Message);

    private static Tensor Gradient(Func<Tensor, Tensor> f, Tensor x) =>
        Differentiation.ValueAndGrad<Tensor, Tensor>(y => Tensor.Sum(f(y)), x).Gradient;

    private static double Derivative(Func<Tensor, Tensor> f, double at)
    {
        double reverse = Gradient(f, Tensor.Of(at)).ToDouble();
        double forward = Differentiation.Jvp(f, Tensor.Of(at), Tensor.Of(1.0)).Tangent.ToDouble();
        Assert.Equal(reverse, forward);
        return reverse;
    }
}
