using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>A function of one item as a function of a batch.</summary>
internal static class Vectorisation
{
    /// <summary>
    /// f applied to every item of x along axis 0 of every leaf, in one pass: f is called once, on a stand-in for an item. What
    /// it captured is shared by all items.
    /// </summary>
    /// <returns>The results with the items along axis 0; a result that does not depend on the item is repeated.</returns>
    public static TResult Vmap<T, TResult>(Func<T, TResult> f, T x)
    {
        Tensor[] batches = Tree.Leaves(x);
        int size = Size("vmap", batches);
        using Trace trace = Trace.Abstract("vmap");
        Tensor[] items = Array.ConvertAll(
            batches,
            batch => Tensor.Parameter(batch.Type with { Shape = batch.Shape.Skip(1) }, trace)
        );
        TResult result = f(Tree.With(x, items));
        return Tree.With(result, Batch.Map(items, batches, Escape.Results("vmap", result), size));
    }

    /// <summary>The number of items of a batch.</summary>
    public static int Size(string name, Tensor[] batches)
    {
        Throw.Unless(batches.Length > 0, name, "the argument must hold at least one tensor", "none");
        foreach (Tensor batch in batches)
            Throw.Unless(
                batch.Rank > 0 && batch.Shape[0] == (batches[0].Rank > 0 ? batches[0].Shape[0] : -1),
                name,
                "every tensor of the argument must have a batch axis in front, all of the same extent (let the function capture what the items share)",
                $"{string.Join(", ", batches.Select(one => one.Type))}"
            );
        return batches[0].Shape[0];
    }
}
