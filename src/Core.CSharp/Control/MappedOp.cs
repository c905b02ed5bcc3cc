using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>
/// A closed function applied to each item of a batch, one after the other. Its derivatives are the mapped derivatives of the item
/// function, which take the results (and each item's record) from here rather than solve again.
/// </summary>
/// <param name="Item">The function of one item.</param>
/// <param name="Batched">Which arguments carry a batch axis in front (of an opaque one: hold a record per item).</param>
/// <param name="Size">The number of items.</param>
internal sealed record MappedOp(Function Item, ValueArray<bool> Batched, int Size) : HostOp
{
    public override string Name => "vmap";

    public override bool IsDegreeKnown => true;

    public override int? Degree(ReadOnlySpan<int> inputs) => Degrees.Highest(Item, inputs);

    public override bool IsCostly => true;

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        Array.ConvertAll(
            Item.ResultTypes,
            type => type.DType == DType.Opaque ? type : type with { Shape = type.Shape.Prepend(Size) }
        );

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Function pullback = Item.Pullback(needed, Flags.Present(cotangents));
        var pulled = new Queue<Tensor>(Derivative(tuple, pullback, cotangents, Flags.All(Item.Results.Length)));
        var all = new Tensor?[needed.Length];
        for (int i = 0; i < all.Length; i++)
            if (needed[i])
            {
                Tensor items = pulled.Dequeue();
                all[i] = Batched[i] ? items : Tensor.Sum(items, 0);
            }
        return all;
    }

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        bool[] moving = Flags.Present(tangents);
        bool[] batched = Flags.Chosen<bool>(moving, Batched.Span);
        Tensor[] pushed = Derivative(tuple, Item.Pushforward(moving), tangents, batched);
        var all = new Tensor?[Item.Results.Length];
        int[] movable = Item.MovableResults;
        for (int i = 0; i < movable.Length; i++)
            all[movable[i]] = pushed[i];
        return all;
    }

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new MappedRun(this with { Item = Item.Select(wanted) }), wanted.ToArray());

    /// <summary>Maps a derivative of the item function over arguments, results and what flows.</summary>
    private Tensor[] Derivative(
        Tensor tuple,
        Function derivative,
        ReadOnlySpan<Tensor?> flowing,
        ReadOnlySpan<bool> batched
    )
    {
        var inputs = new List<Tensor>([.. tuple.Inputs, .. Results(tuple)]);
        var flags = new List<bool>([.. Batched, .. Flags.All(Item.Results.Length)]);
        foreach (Tensor? flow in flowing)
            if (flow is not null)
            {
                flags.Add(batched[inputs.Count - tuple.Inputs.Length - Item.Results.Length]);
                inputs.Add(flow);
            }
        return Mapping.Map(derivative, inputs.ToArray(), flags.ToArray(), Size);
    }
}
