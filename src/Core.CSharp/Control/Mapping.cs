using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>
/// The batching rule of operations that cannot do better than one item after the other: solvers whose steps adapt to the item,
/// loops that end when the item says so. Each item is computed exactly as it would be alone, so its result does not
/// depend on its neighbours by a bit.
/// </summary>
/// <remarks>
/// Every <see cref="HostOp"/> has it that states no better one. The derivatives of what it makes are the item operation's own rules, traced and
/// mapped: every order and both modes follow. An opaque result of the mapped operation holds one record per item.
/// </remarks>
internal static class Mapping
{
    /// <summary>All results of an operation for a batch, item by item, with the batch axis in front.</summary>
    public static Tensor[] Map(MultiOp op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Map(all => Tensor.ApplyMany(op, all), inputs, batched, size);

    /// <summary>The result of an operation for a batch, item by item, with the batch axis in front.</summary>
    public static Tensor Map(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Map(all => [Tensor.Apply(op, all)], inputs, batched, size)[0];

    /// <summary>All results of a closed function for a batch of arguments, item by item.</summary>
    public static Tensor[] Map(Function item, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        bool[] used = item.UsedArguments;
        var op = new MappedOp(Without(item, used), [.. Flags.Chosen(used, batched)], size);
        return Tensor.ApplyMany(op, Flags.Chosen(used, inputs));
    }

    private static Tensor[] Map(
        Func<Tensor[], Tensor[]> item,
        ReadOnlySpan<Tensor> inputs,
        ReadOnlySpan<bool> batched,
        int size
    )
    {
        var types = new TensorType[inputs.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = batched[i] ? Item(inputs[i].Type) : inputs[i].Type;
        return Map(Function.TraceClosed("vmap", types, item), inputs, batched, size);
    }

    private static TensorType Item(TensorType batch) =>
        batch.DType == DType.Opaque ? batch : batch with { Shape = batch.Shape.Skip(1) };

    /// <summary>The function without the arguments that it ignores.</summary>
    private static Function Without(Function function, bool[] used)
    {
        if (Array.TrueForAll(used, flag => flag))
            return function;
        int[] kept = Flags.Indices(used);
        return Function.TraceClosed(
            "vmap",
            Flags.Chosen<TensorType>(used, function.ArgumentTypes),
            all =>
            {
                Tensor[] arguments = [.. function.Arguments];
                for (int i = 0; i < kept.Length; i++)
                    arguments[kept[i]] = all[i];
                return function.Apply(arguments);
            }
        );
    }
}
