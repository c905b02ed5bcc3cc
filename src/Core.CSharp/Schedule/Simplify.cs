using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>Rewrites scalar bodies to shorter ones of equal value: constants fold, and neutral elements vanish.</summary>
internal static class Simplify
{
    public static Program Run(Program program)
    {
        var kernels = new Kernel[program.Kernels.Count];
        for (int i = 0; i < kernels.Length; i++)
            kernels[i] = program.Kernels[i] switch
            {
                Map map => map with { Body = Shorten(map.Body) },
                Reduce reduce => reduce with { Body = Shorten(reduce.Body) },
                Kernel other => other,
            };
        return program with { Kernels = new ValueArray<Kernel>(kernels) };
    }

    /// <summary>
    /// The shorter body. Only rewrites that keep every bit, NaN and signed zero included: x·1, x/1, x − 0, −−x, arithmetic on numbers, and
    /// casts to the type that is there.
    /// </summary>
    public static Scalar Shorten(Scalar body) =>
        body switch
        {
            Scalar.Unary unary => Unary(unary with { A = Shorten(unary.A) }),
            Scalar.Binary binary => Binary(binary with { A = Shorten(binary.A), B = Shorten(binary.B) }),
            Scalar.Cast cast => Cast(cast with { A = Shorten(cast.A) }),
            Scalar.Select select => select with
            {
                Condition = Shorten(select.Condition),
                Then = Shorten(select.Then),
                Otherwise = Shorten(select.Otherwise),
            },
            _ => body,
        };

    private static Scalar Unary(Scalar.Unary unary) =>
        unary switch
        {
            { Intrinsic: UnaryIntrinsic.Negate, A: Scalar.Unary { Intrinsic: UnaryIntrinsic.Negate } inner } => inner.A,
            { Intrinsic: UnaryIntrinsic.Negate, A: Scalar.Constant number } => number with { Value = -number.Value },
            _ => unary,
        };

    private static Scalar Binary(Scalar.Binary binary) =>
        binary switch
        {
            { A: Scalar.Constant { DType.IsFloat: true } a, B: Scalar.Constant b } => Fold(binary.Intrinsic, a, b)
                ?? (Scalar)binary,
            { Intrinsic: BinaryIntrinsic.Multiply, B: Scalar.Constant { Value: 1.0 } } => binary.A,
            { Intrinsic: BinaryIntrinsic.Multiply, A: Scalar.Constant { Value: 1.0 } } => binary.B,
            { Intrinsic: BinaryIntrinsic.Divide, B: Scalar.Constant { Value: 1.0 } } => binary.A,
            { Intrinsic: BinaryIntrinsic.Subtract, B: Scalar.Constant { Value: 0.0 } zero }
                when !double.IsNegative(zero.Value) => binary.A,
            _ => binary,
        };

    /// <summary>Rounded as the backend rounds: float32 arithmetic is float64 arithmetic of its numbers, rounded once more.</summary>
    private static Scalar.Constant? Fold(BinaryIntrinsic intrinsic, Scalar.Constant a, Scalar.Constant b)
    {
        (double x, double y) = (Rounded(a.Value, a.DType), Rounded(b.Value, b.DType));
        double? result = intrinsic switch
        {
            BinaryIntrinsic.Add => x + y,
            BinaryIntrinsic.Subtract => x - y,
            BinaryIntrinsic.Multiply => x * y,
            BinaryIntrinsic.Divide => x / y,
            _ => null,
        };
        return result is { } value ? a with { Value = Rounded(value, a.DType) } : null;
    }

    private static double Rounded(double value, DType dtype) => dtype == DType.Float32 ? (float)value : value;

    private static Scalar Cast(Scalar.Cast cast) => cast.A.DType == cast.To ? cast.A : cast;
}
