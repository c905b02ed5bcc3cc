namespace Implicit.Tests.Laws.Cases;

internal static class ElementwiseCases
{
    public static IEnumerable<OpCase> All =>
        [.. Unaries, .. Activations, .. Binaries, .. Piecewise, .. Powers, .. Masks];

    private static IEnumerable<OpCase> Unaries =>
        [
            OpCase.Unary("negate", x => -x, x => -x),
            OpCase.Unary("exp", Tensor.Exp, Math.Exp),
            OpCase.Unary("expm1", Tensor.Expm1, x => Math.Exp(x) - 1.0),
            OpCase.Unary("log", Tensor.Log, Math.Log, 0.5, 3.0),
            OpCase.Unary("log10", Tensor.Log10, Math.Log10, 0.5, 3.0),
            OpCase.Unary("log1p", Tensor.Log1p, x => Math.Log(1.0 + x), -0.5, 2.0),
            OpCase.Unary("sqrt", Tensor.Sqrt, Math.Sqrt, 0.5, 3.0),
            OpCase.Unary("sin", Tensor.Sin, Math.Sin),
            OpCase.Unary("cos", Tensor.Cos, Math.Cos),
            OpCase.Unary("tan", Tensor.Tan, Math.Tan, -1.0, 1.0),
            OpCase.Unary("asin", Tensor.Asin, Math.Asin, -0.8, 0.8),
            OpCase.Unary("acos", Tensor.Acos, Math.Acos, -0.8, 0.8),
            OpCase.Unary("atan", Tensor.Atan, Math.Atan),
            OpCase.Unary("sinh", Tensor.Sinh, Math.Sinh),
            OpCase.Unary("cosh", Tensor.Cosh, Math.Cosh),
            OpCase.Unary("tanh", Tensor.Tanh, Math.Tanh),
            OpCase.Unary("erf", Tensor.Erf, Erf),
        ];

    private static IEnumerable<OpCase> Activations =>
        [
            OpCase.Unary("sigmoid", Tensor.Sigmoid, Sigmoid),
            OpCase.Unary("softplus", Tensor.Softplus, x => Math.Log(1.0 + Math.Exp(x))),
            OpCase.Unary("silu", Tensor.Silu, x => x * Sigmoid(x)),
            OpCase.Unary("gelu", Tensor.Gelu, x => 0.5 * x * (1.0 + Erf(x / Math.Sqrt(2.0)))),
            AwayFromKinks("relu", Tensor.Relu, x => x > 0.0 ? x : 0.0),
        ];

    private static IEnumerable<OpCase> Binaries =>
        [
            OpCase.Binary("add", (a, b) => a + b, (a, b) => a + b),
            OpCase.Binary("subtract", (a, b) => a - b, (a, b) => a - b),
            OpCase.Binary("multiply", (a, b) => a * b, (a, b) => a * b),
            OpCase.Binary("divide", (a, b) => a / b, (a, b) => a / b, right: Positive),
            OpCase.Binary("atan2", Tensor.Atan2, Math.Atan2, right: Positive),
            OpCase.Binary("pow", Tensor.Pow, Math.Pow, left: Positive),
            OpCase.Binary("minimum", Tensor.Minimum, Math.Min, Upper, Lower),
            OpCase.Binary("maximum", Tensor.Maximum, Math.Max, Upper, Lower),
            OpCase.Binary(
                "plain numbers on both sides",
                (a, b) => (2.0 * a) - (3 / (b + 1f)),
                (a, b) => (2.0 * a) - (3.0 / (b + 1.0)),
                right: Positive
            ),
        ];

    private static IEnumerable<OpCase> Piecewise =>
        [
            AwayFromKinks("abs", Tensor.Abs, Math.Abs),
            AwayFromKinks("sign", Tensor.Sign, x => Math.Sign(x)),
            AwayFromKinks("floor", Tensor.Floor, Math.Floor),
            AwayFromKinks("ceil", Tensor.Ceiling, Math.Ceiling),
            OpCase.Unary("round", Tensor.Round, x => Math.Round(x), 0.6, 1.4),
            AwayFromKinks("truncate", Tensor.Truncate, Math.Truncate),
            new(
                "clamp",
                [
                    Arg.Exactly([2, 3], -2.0, -0.5, 0.25, 0.75, 1.5, 3.0),
                    Arg.Exactly([], -1.0),
                    Arg.Exactly([3], 1.0, 0.5, 2.0),
                ],
                [2, 3],
                x => Tensor.Clamp(x[0], x[1], x[2]),
                x => [.. x[0].Select((a, p) => Math.Min(Math.Max(a, x[1][0]), x[2][p % 3]))]
            ),
            new(
                "where",
                [Arg.Truths([2, 1]), Arg.Floats([3]), Arg.Floats([2, 3])],
                [2, 3],
                x => Tensor.Where(x[0], x[1], x[2]),
                x => [.. Enumerable.Range(0, 6).Select(p => x[0][p / 3] != 0.0 ? x[1][p % 3] : x[2][p])]
            ),
        ];

    private static IEnumerable<OpCase> Powers =>
        [
            .. new[] { 0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 12.0, -1.0, -3.0 }.Select(c =>
                OpCase.Unary($"pow to {c}", x => Tensor.Pow(x, c), x => Math.Pow(x, c), 0.5, 1.5)
            ),
            .. new[] { 0.5, 1.5, -0.5, 2.7 }.Select(c =>
                OpCase.Unary($"pow to {c}", x => Tensor.Pow(x, c), x => Math.Pow(x, c), 0.5, 2.0)
            ),
            OpCase.Unary("cube of either sign", x => Tensor.Pow(x, 3), x => x * x * x),
            OpCase.Unary("pow of a plain number", x => Tensor.Pow(2.0, x), x => Math.Pow(2.0, x)),
        ];

    private static IEnumerable<OpCase> Masks =>
        [
            OpCase.Binary("equal", Tensor.Equal, (a, b) => Truth(a == b), Whole, Whole),
            OpCase.Binary("notEqual", Tensor.NotEqual, (a, b) => Truth(a != b), Whole, Whole),
            OpCase.Binary("less", (a, b) => a < b, (a, b) => Truth(a < b), Whole, Whole),
            OpCase.Binary("lessOrEqual", (a, b) => a <= b, (a, b) => Truth(a <= b), Whole, Whole),
            OpCase.Binary("greater", (a, b) => a > b, (a, b) => Truth(a > b), Whole, Whole),
            OpCase.Binary("greaterOrEqual", (a, b) => a >= b, (a, b) => Truth(a >= b), Whole, Whole),
            OpCase.Binary("greater of floats", (a, b) => a > b, (a, b) => Truth(a > b)),
            OpCase.Binary("equal of truths", Tensor.Equal, (a, b) => Truth(a == b), Arg.Truths, Arg.Truths),
            OpCase.Binary("and", (a, b) => a & b, (a, b) => a * b, Arg.Truths, Arg.Truths),
            OpCase.Binary("or", (a, b) => a | b, Math.Max, Arg.Truths, Arg.Truths),
            OfOne("not", Arg.Truths([2, 3]), x => !x, x => 1.0 - x),
            OfOne(
                "isNaN",
                Arg.Exactly([2, 2], 0.0, double.NaN, double.PositiveInfinity, -1.0),
                Tensor.IsNaN,
                x => Truth(double.IsNaN(x))
            ),
            OfOne(
                "isFinite",
                Arg.Exactly([2, 2], 0.0, double.NaN, double.PositiveInfinity, -1.0),
                Tensor.IsFinite,
                x => Truth(double.IsFinite(x))
            ),
            OfOne(
                "isInfinite",
                Arg.Exactly([2, 2], 0.0, double.NaN, double.NegativeInfinity, -1.0),
                Tensor.IsInfinite,
                x => Truth(double.IsInfinity(x))
            ),
            OfOne("cast to int64", Arg.Floats([2, 3]), x => Tensor.Cast(x, DType.Int64), Math.Truncate),
            OfOne("cast to bool", Whole([2, 3]), x => Tensor.Cast(x, DType.Bool), x => Truth(x != 0.0)),
            OfOne("cast of int64", Whole([2, 3]), x => Tensor.Cast(x, DType.Float64), x => x),
            OfOne("cast of bool", Arg.Truths([2, 3]), x => Tensor.Cast(x, DType.Float32), x => x),
            OfOne("negate of int64", Whole([2, 3]), x => -x, x => -x),
            OfOne("abs of int64", Whole([2, 3]), Tensor.Abs, Math.Abs),
            OfOne("sign of int64", Whole([2, 3]), Tensor.Sign, x => Math.Sign(x)),
            OfOne("cube of int64", Whole([2, 3]), x => Tensor.Pow(x, 3.0), x => x * x * x),
            OpCase.Binary("add of int64", (a, b) => a + b, (a, b) => a + b, Whole, Whole),
            OpCase.Binary("maximum of int64", Tensor.Maximum, Math.Max, Whole, Whole),
        ];

    /// <summary>The error function by its Maclaurin series, which is exact to rounding for |x| ≤ 2 (Abramowitz and Stegun 7.1.5).</summary>
    private static double Erf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }
        return 2.0 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Sigmoid(double x) => 1.0 / (1.0 + Math.Exp(-x));

    private static double Truth(bool holds) => holds ? 1.0 : 0.0;

    private static Arg Positive(Shape shape) => Arg.Floats(shape, 0.5, 2.0);

    private static Arg Whole(Shape shape) => Arg.Integers(shape, -2, 3);

    // [2, 1, 3] and [4, 1]: elements that lie between each other.
    private static Arg Upper(Shape shape) => Arg.Exactly(shape, 1.5, -0.25, 0.75, -1.25, 0.25, 2.0);

    private static Arg Lower(Shape shape) => Arg.Exactly(shape, 0.5, -0.75, 1.0, 0.0);

    private static OpCase AwayFromKinks(string name, Func<Tensor, Tensor> apply, Func<double, double> reference) =>
        OfOne(name, Arg.Exactly([2, 3], -1.75, -0.5, 0.25, 0.5, 1.25, 2.5), apply, reference);

    private static OpCase OfOne(string name, Arg input, Func<Tensor, Tensor> apply, Func<double, double> reference) =>
        new(name, [input], input.Shape, x => apply(x[0]), x => Array.ConvertAll(x[0], a => reference(a)));
}
