using Implicit.Graph;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The sum of tensors of one type. Where all are results of one operation that has a shorter way (<see cref="Op.Total"/>), it is taken: sums of
    /// products are one product, and what is linear is applied once.
    /// </summary>
    internal static Tensor Total(ReadOnlySpan<Tensor> terms)
    {
        Op op = terms[0].Op;
        if (terms.Length > 1 && AreAll(terms, op) && op.Total(terms) is { } total)
            return total;
        Tensor sum = terms[0];
        foreach (Tensor term in terms[1..])
            sum += term;
        return sum;
    }

    /// <summary>
    /// c·x, with the factor moved to the least of what x is linear in: so multiples of results of one operation are its results again, and
    /// <see cref="Total"/> has its shorter way.
    /// </summary>
    internal static Tensor Multiple(double c, Tensor x) =>
        x.Op switch
        {
            NegateOp => Multiple(-c, x.Inputs[0]),
            LinearOp or SumOp => Apply(x.Op, Multiple(c, x.Inputs[0])),
            MatMulOp when x.Inputs[0].Length <= x.Inputs[1].Length => MatMul(Multiple(c, x.Inputs[0]), x.Inputs[1]),
            MatMulOp => MatMul(x.Inputs[0], Multiple(c, x.Inputs[1])),
            _ => c * x,
        };

    /// <summary>A linear operation of one input on the sum of what it was applied to.</summary>
    internal static Tensor? TotalOfInputs(Op op, ReadOnlySpan<Tensor> results)
    {
        Tensor[] inputs = Array.ConvertAll(results.ToArray(), result => result.Inputs[0]);
        return Array.TrueForAll(inputs, input => input.Type == inputs[0].Type) ? Apply(op, Total(inputs)) : null;
    }

    private static bool AreAll(ReadOnlySpan<Tensor> terms, Op op)
    {
        foreach (Tensor term in terms)
            if (term.Inputs.IsEmpty || !term.Op.Equals(op))
                return false;
        return true;
    }
}
