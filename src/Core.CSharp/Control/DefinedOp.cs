using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>
/// An operation that computes, up to rounding or to a tolerance, what a function says, in a way of its own. Its derivatives are the function's.
/// </summary>
internal abstract record DefinedOp : HostOp
{
    /// <summary>The function for inputs of given types; all results are floating-point.</summary>
    public abstract Function Definition(TensorType[] inputs);

    public sealed override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Function definition = Definition(tuple.Inputs.Types);
        TensorType[] types = definition.ResultTypes;
        var flowing = new Tensor[types.Length];
        for (int i = 0; i < flowing.Length; i++)
            flowing[i] = cotangents[i] ?? Tensor.Zeros(types[i].Shape, types[i].DType);
        return Flags.Spread<Tensor>(needed, definition.Vjp(needed).Apply([.. tuple.Inputs, .. flowing]));
    }

    public sealed override Tensor?[] JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Function definition = Definition(tuple.Inputs.Types);
        Function push = definition.Jvp(Flags.Present(tangents));
        return push.Apply([.. tuple.Inputs, .. Flags.Given(tangents)])[definition.Results.Length..];
    }
}
