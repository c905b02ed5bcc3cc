using Implicit.Tests.Backends.Cpu;
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

    /// <summary>f(x), f′(x), f″(x) by mpmath 1.3 with 60 digits.</summary>
    [Theory]
    [InlineData("sigmoid", -1000, 0, 0, 0)]
    [InlineData("sigmoid", -715.98, 1.131975029903e-311, 1.131975029903e-311, 1.131975029903e-311)]
    [InlineData("sigmoid", -20, 2.0611536181902037e-09, 2.061153613941849e-09, 2.061153605445141e-09)]
    [InlineData("sigmoid", 0, 0.5, 0.25, 0)]
    [InlineData("sigmoid", 9, 0.9998766054240138, 0.0001233793497648489, -0.00012334890107974954)]
    [InlineData("silu", -1000, 0, 0, 0)]
    [InlineData("silu", -715.98, -8.10471481910002e-309, -8.093395068800987e-309, -8.082075318501956e-309)]
    [InlineData("silu", -90.46, -4.679266176881055e-38, -4.627538715275029e-38, -4.575811253669004e-38)]
    [InlineData("silu", -1.25, -0.27837517353163604, 0.0063191550846875815, 0.22620474048075928)]
    [InlineData("silu", 0, 0, 0.5, 0.5)]
    [InlineData("silu", 30, 29.999999999997193, 1.0000000000027136, -2.620134431274233e-12)]
    [InlineData("gelu", -90.46, 0, 0, 0)]
    [InlineData("gelu", -20, -5.507248237212468e-88, -1.1014360483133464e-86, -2.1973374481395856e-85)]
    [InlineData("gelu", -12.8, -1.0492878992848555e-36, -1.3429913666007967e-35, -1.708409501236963e-34)]
    [InlineData("gelu", -5.9, -1.0723296392286628e-08, -6.317549752252613e-08, -3.6142720452582624e-07)]
    [InlineData("gelu", -1.25, -0.13206221708356908, -0.12266158306942213, 0.07990897485769709)]
    [InlineData("gelu", 0, 0, 0.5, 0.7978845608028654)]
    [InlineData("gelu", 9, 9, 1, -8.121021121618442e-17)]
    [InlineData("sigmoid", -Infinity, 0, 0, 0)]
    [InlineData("sigmoid", Infinity, 1, 0, 0)]
    [InlineData("silu", -Infinity, 0, 0, 0)]
    [InlineData("silu", Infinity, Infinity, 1, 0)]
    [InlineData("silu", 1e300, 1e300, 1, 0)]
    [InlineData("gelu", -Infinity, 0, 0, 0)]
    [InlineData("gelu", Infinity, Infinity, 1, 0)]
    [InlineData("gelu", -1e300, 0, 0, 0)]
    [InlineData("gelu", 1e300, 1e300, 1, 0)]
    [InlineData("softplus", -Infinity, 0, 0, 0)]
    [InlineData("softplus", -715.98, 1.131975029903e-311, 1.131975029903e-311, 1.131975029903e-311)]
    [InlineData("softplus", Infinity, Infinity, 1, 0)]
    public void Activations_and_their_derivatives_are_right_far_out(
        string op,
        double x,
        double value,
        double first,
        double second
    )
    {
        Func<Tensor, Tensor> f = FloatFunctions[op];
        Tensor Forward(Tensor at) => Differentiation.Jvp(f, at, Tensor.Of(1.0)).Tangent;
        Tensor Reverse(Tensor at) => Gradient(f, at);
        Assert.InRange(Ulps.Between(f(Tensor.Of(x)).ToDouble() + 0.0, value), 0.0, 4.0);
        foreach (Func<Tensor, Tensor> derivative in new[] { Forward, Reverse })
        {
            IsClose(first, derivative(Tensor.Of(x)).ToDouble());
            IsClose(second, Gradient(derivative, Tensor.Of(x)).ToDouble());
            IsClose(second, Differentiation.Jvp(derivative, Tensor.Of(x), Tensor.Of(1.0)).Tangent.ToDouble());
        }
        // Sigmoid's derivative y·(1 − y) takes what y is rounded by near 1 as its error; denormal parts are rounded by a multiple of 5e−324.
        void IsClose(double expected, double actual) =>
            Assert.InRange(actual - expected, -Error(expected), Error(expected));
        double Error(double expected) => (1e-14 * Math.Abs(expected)) + (x > 0.0 && op != "gelu" ? 1e-14 : 1e-320);
    }

    [Theory]
    [InlineData("sigmoid", -90.46f, 5.1725e-40f)]
    [InlineData("silu", -90.46f, -4.6792e-38f)]
    [InlineData("gelu", -13.1f, -2.1566e-38f)]
    [InlineData("silu", float.NegativeInfinity, 0f)]
    [InlineData("gelu", float.NegativeInfinity, 0f)]
    public void Activations_of_float32_are_right_far_out(string op, float x, float expected)
    {
        float y = FloatFunctions[op](Tensor.Of([x])).ToArray<float>()[0];
        Assert.Equal((float)FloatFunctions[op](Tensor.Of((double)x)).ToDouble(), y, 1e-6f * MathF.Abs(y));
        Assert.Equal(expected, y, 1e-3f * MathF.Abs(expected));
    }

    [Fact]
    public void Whole_powers_are_within_4_ulp()
    {
        System.Random random = new(11);
        for (int n = -9; n <= 9; n++)
        {
            // Results of every magnitude from denormal numbers to ∞.
            float[] x =
            [
                .. Enumerable
                    .Range(0, 20_000)
                    .Select(_ => (float)Math.Exp(((random.NextDouble() * 200) - 100) / Math.Max(1, Math.Abs(n)))),
            ];
            float[] y = Tensor.Pow(Tensor.Of(x), n).ToArray<float>();
            for (int i = 0; i < x.Length; i++)
                Assert.True(Ulps.Of(y[i], Math.Pow(x[i], n)) <= 4.0, $"{x[i]:R} to {n} is not {y[i]:R}");
        }
    }

    [Theory]
    [InlineData(8.4e102, -3, 1.687182809631787e-309)]
    [InlineData(3.7e61, -5, 1.442086727182298e-308)]
    [InlineData(0.0, -2, Infinity)]
    [InlineData(-0.0, -3, -Infinity)]
    [InlineData(-0.0, -6, Infinity)]
    [InlineData(-Infinity, -3, -0.0)]
    [InlineData(5e-324, -1, Infinity)]
    public void Negative_powers_do_not_overflow_early(double x, int exponent, double expected)
    {
        double actual = Tensor.Pow(Tensor.Of(x), exponent).ToDouble();
        Assert.InRange(Ulps.Between(actual, expected), 0.0, 4.0);
        Assert.Equal(double.IsNegative(expected), double.IsNegative(actual));
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
