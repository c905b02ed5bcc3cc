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
    /// The shorter body. Only rewrites that keep every bit, NaN and signed zero included: x·1, x/1, x − 0, −−x, casts to the type
    /// that is there, and what <see cref="Folding"/> knows of numbers.
    /// </summary>
    public static Scalar Shorten(Scalar body) =>
        body switch
        {
            Scalar.Unary unary => Unary(unary with { A = Shorten(unary.A) }),
            Scalar.Binary binary => Binary(binary with { A = Shorten(binary.A), B = Shorten(binary.B) }),
            Scalar.Cast cast => Cast(cast with { A = Shorten(cast.A) }),
            Scalar.Select select => Select(
                select with
                {
                    Condition = Shorten(select.Condition),
                    Then = Shorten(select.Then),
                    Otherwise = Shorten(select.Otherwise),
                }
            ),
            _ => body,
        };

    private static Scalar Unary(Scalar.Unary unary) =>
        unary switch
        {
            { Intrinsic: UnaryIntrinsic.Negate, A: Scalar.Unary { Intrinsic: UnaryIntrinsic.Negate } inner } => inner.A,
            { A: Scalar.Constant number } => Folding.Unary(unary.Intrinsic, number) ?? (Scalar)unary,
            _ => unary,
        };

    private static Scalar Binary(Scalar.Binary binary) =>
        binary switch
        {
            { A: Scalar.Constant a, B: Scalar.Constant b } when Folding.Binary(binary.Intrinsic, a, b) is { } value =>
                value,
            { Intrinsic: BinaryIntrinsic.Multiply, B: Scalar.Constant { Value: 1.0 } } => binary.A,
            { Intrinsic: BinaryIntrinsic.Multiply, A: Scalar.Constant { Value: 1.0 } } => binary.B,
            { Intrinsic: BinaryIntrinsic.Divide, B: Scalar.Constant { Value: 1.0 } } => binary.A,
            { Intrinsic: BinaryIntrinsic.Subtract, B: Scalar.Constant { Value: 0.0 } zero }
                when !double.IsNegative(zero.Value) => binary.A,
            _ => binary,
        };

    private static Scalar Cast(Scalar.Cast cast) =>
        cast.A.DType == cast.To ? cast.A
        : cast.A is Scalar.Constant number ? Folding.Cast(number, cast.To) ?? (Scalar)cast
        : cast;

    /// <summary>A choice between numbers by a number is the chosen one; other choices keep the operands that their map reads.</summary>
    private static Scalar Select(Scalar.Select select) =>
        select is { Condition: Scalar.Constant condition, Then: Scalar.Constant, Otherwise: Scalar.Constant }
            ? condition.Value != 0
                ? select.Then
                : select.Otherwise
            : select;
}
