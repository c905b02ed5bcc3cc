using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>The items of a batch: functions of one item become functions of all.</summary>
/// <param name="Batched">Which captures have an axis of items in front. The start always has.</param>
/// <param name="Size">The number of items.</param>
internal sealed record ItemAxis(ValueArray<bool> Batched, int Size)
{
    /// <summary>
    /// A function of arguments of one item and captures, on a batch: the first <paramref name="own"/> arguments have an axis of items, captures
    /// if they do, and whatever follows them again.
    /// </summary>
    public Function Map(Function item, int own, int size)
    {
        bool[] flags = Flags.All(item.Arguments.Length);
        Batched.Span.CopyTo(flags.AsSpan(own));
        return item.Vmap(flags, size);
    }

    /// <summary>The arguments of one item: <paramref name="own"/> that have an axis of items, then captures, which have it or not.</summary>
    public Tensor[] Item(ReadOnlySpan<Tensor> arguments, int own, int item)
    {
        Tensor[] one = arguments.ToArray();
        for (int i = 0; i < one.Length; i++)
            if (i < own || Batched[i - own])
                one[i] = Tensor.Index(one[i], 0, item);
        return one;
    }
}
