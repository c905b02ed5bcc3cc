using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>Vectorisation, graph to graph: every node that depends on a batched source gets a batch axis in front.</summary>
internal static class Batch
{
    /// <summary>The results for sources replaced by batches of them.</summary>
    /// <param name="sources">The nodes of one item.</param>
    /// <param name="batches">What replaces them, the batch axis first.</param>
    /// <param name="results">Expressions of the sources.</param>
    /// <param name="size">The number of items.</param>
    /// <returns>Each result with the batch axis in front, repeated if it does not depend on a source.</returns>
    public static Tensor[] Map(
        ReadOnlySpan<Tensor> sources,
        ReadOnlySpan<Tensor> batches,
        ReadOnlySpan<Tensor> results,
        int size
    )
    {
        var mapped = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        var tuples = new Dictionary<Tensor, Tensor[]>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < sources.Length; i++)
            mapped[sources[i]] = batches[i];
        foreach (Tensor node in Walk.Between(sources, results))
            if (!mapped.ContainsKey(node))
                MapNode(node, mapped, tuples, size);
        var all = new Tensor[results.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] =
                mapped.TryGetValue(results[i], out Tensor? batch) || results[i].DType == DType.Opaque
                    ? batch ?? results[i]
                    : Tensor.Expand(results[i], results[i].Shape.Prepend(size));
        return all;
    }

    private static void MapNode(
        Tensor node,
        Dictionary<Tensor, Tensor> mapped,
        Dictionary<Tensor, Tensor[]> tuples,
        int size
    )
    {
        if (node.Op is ProjectOp project)
        {
            mapped[node] = tuples[node.Inputs[0]][project.Position];
            return;
        }
        var inputs = new Tensor[node.Inputs.Length];
        bool[] batched = new bool[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            batched[i] = mapped.TryGetValue(node.Inputs[i], out Tensor? batch);
            inputs[i] = batch ?? node.Inputs[i];
        }
        if (node.Op is MultiOp multi)
            tuples[node] = multi.VmapAll(inputs, batched, size);
        else
            mapped[node] = node.Op.Vmap(inputs, batched, size);
    }
}
