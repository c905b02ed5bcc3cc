using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>
/// Whether an expression is a smooth function of some tensors, as far as its operations tell: they are polynomials, or elementwise functions without
/// kinks that have a derivative. What is not known to be smooth is said not to be.
/// </summary>
internal static class Smoothness
{
    public static bool Of(ReadOnlySpan<Tensor> variables, Tensor result)
    {
        NodeOrder dependent = Walk.Between(variables, [result]);
        foreach (Tensor node in dependent.Nodes[variables.Length..])
            if (!IsPolynomial(node, dependent) && !(node.Op is ElementwiseOp op && IsSmooth(op, node, dependent)))
                return false;
        return true;
    }

    private static bool IsPolynomial(Tensor node, NodeOrder dependent)
    {
        int[] degrees = [.. node.InputArray.Select(input => dependent.Contains(input) ? 1 : 0)];
        return node.Op.Degree(degrees) is not null;
    }

    private static bool IsSmooth(ElementwiseOp op, Tensor node, NodeOrder dependent)
    {
        Tensor[] inputs = node.InputArray;
        for (int i = 0; i < inputs.Length; i++)
            if (dependent.Contains(inputs[i]) && op.Scaled(i, node, node) is null)
                return false;
        Scalar[] x = [.. inputs.Select((input, i) => new Scalar.Input(i, input.DType))];
        bool isSmooth = true;
        ScalarBody.Visit(op.Body(x), part => isSmooth &= !HasKink(part));
        return isSmooth;
    }

    private static bool HasKink(Scalar part) =>
        part
            is Scalar.Select
                or Scalar.Unary
                {
                    Intrinsic: UnaryIntrinsic.Abs
                        or UnaryIntrinsic.Sign
                        or UnaryIntrinsic.Floor
                        or UnaryIntrinsic.Ceiling
                        or UnaryIntrinsic.Round
                }
                or Scalar.Binary { Intrinsic: BinaryIntrinsic.Minimum or BinaryIntrinsic.Maximum };
}
