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
                Map map => Shorten(map.Body, map.Inputs) switch
                {
                    var (body, inputs) => map with { Body = body, Inputs = inputs },
                },
                Reduce reduce => Shorten(reduce.Body, reduce.Inputs) switch
                {
                    var (body, inputs) => reduce with { Body = body, Inputs = inputs },
                },
                Kernel other => other,
            };
        return program with { Kernels = new ValueArray<Kernel>(kernels) };
    }

    /// <summary>The shorter body over the operands that it reads: those of a branch that is never taken are left out.</summary>
    private static (Scalar Body, ValueArray<Operand> Inputs) Shorten(Scalar body, ValueArray<Operand> inputs)
    {
        Scalar shorter = Shorten(body);
        var read = new SortedSet<int>();
        ScalarBody.Visit(
            shorter,
            part =>
            {
                if (part is Scalar.Input input)
                    read.Add(input.Position);
            }
        );
        if (read.Count == inputs.Count)
            return (shorter, inputs);
        int[] left = [.. read];
        return (
            ScalarBody.Replace(shorter, input => input with { Position = Array.IndexOf(left, input.Position) }),
            [.. left.Select(position => inputs[position])]
        );
    }

    /// <summary>
    /// The shorter body. Only rewrites that keep every bit, NaN and signed zero included: x·1, x/1, x − 0, −−x, casts to the type
    /// that is there, choices that are made, and what <see cref="Folding"/> knows of numbers.
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

    /// <summary>A choice by a number is the chosen one.</summary>
    private static Scalar Select(Scalar.Select select) =>
        select.Condition is not Scalar.Constant condition ? select
        : condition.Value != 0 ? select.Then
        : select.Otherwise;
}
