using Implicit.Graph;

namespace Implicit.Ops;

/// <summary>An operation linear in its one input: it is its own tangent, and its transpose is its cotangent rule.</summary>
internal abstract record LinearOp : Op
{
    /// <summary>The transpose applied to a cotangent of the result, for an input of the given type.</summary>
    public abstract Tensor Transpose(Tensor cotangent, TensorType input);

    public sealed override int? Degree(ReadOnlySpan<int> inputs) => inputs[0];

    public sealed override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
        [Transpose(cotangent, result.Inputs[0].Type)];

    public sealed override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
        Tensor.Apply(this, tangents[0]!);

    /// <summary>The operation on the sum of the inputs.</summary>
    public sealed override Tensor? Total(ReadOnlySpan<Tensor> results) => Tensor.TotalOfInputs(this, results);
}
