using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Linear;

/// <summary>A linear function, perhaps with its transpose.</summary>
internal sealed class FunctionOperator(
    Func<Tensor, Tensor> function,
    Func<Tensor, Tensor>? transpose,
    TensorType input,
    TensorType output,
    OperatorProperties properties
) : LinearOperator(input, output, properties)
{
    /// <summary>Whether the function is linear by construction.</summary>
    public bool IsLinear { get; init; }

    internal override bool StatesTranspose => transpose is not null;

    internal override bool MayBeAffine => !IsLinear;

    internal override Tensor Product(Tensor x) => Checked(function(x), Output);

    internal override Tensor TransposedProduct(Tensor w) =>
        transpose is null
            ? Differentiation.Vjp(function, Tensor.Zeros(Input.Shape, Input.DType)).Pullback(w)
            : Checked(transpose(w), Input);

    internal override Tensor Matrix() => ZeroToZero.Guard(this, base.Matrix());

    private static Tensor Checked(Tensor result, TensorType expected)
    {
        Throw.Unless(
            result.Type == expected,
            "linearOperator",
            $"the function must always return {expected}",
            $"{result.Type}"
        );
        return result;
    }
}
