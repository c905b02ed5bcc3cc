using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>Reverse mode, graph to graph: cotangents flow from results to sources as new expressions.</summary>
internal static class Reverse
{
    /// <summary>
    /// The cotangents of the sources for cotangents of the results (null is zero, in and out).
    /// </summary>
    public static Tensor?[] Pull(
        ReadOnlySpan<Tensor> sources,
        ReadOnlySpan<Tensor> results,
        ReadOnlySpan<Tensor?> cotangents
    )
    {
        List<Tensor> order = Walk.Between(sources, results);
        var relevant = new HashSet<Tensor>(order, ReferenceEqualityComparer.Instance);
        var flow = new Cotangents(relevant);
        for (int i = 0; i < results.Length; i++)
            flow.Add(results[i], cotangents[i]);
        var isSource = new HashSet<Tensor>(sources.ToArray(), ReferenceEqualityComparer.Instance);
        for (int i = order.Count - 1; i >= 0; i--)
            if (!isSource.Contains(order[i]))
                Propagate(order[i], flow);
        var pulled = new Tensor?[sources.Length];
        for (int i = 0; i < pulled.Length; i++)
            pulled[i] = flow.Of(sources[i]);
        return pulled;
    }

    private static void Propagate(Tensor node, Cotangents flow)
    {
        if (node.Op is MultiOp multi)
        {
            if (flow.OfResults(node) is { } all)
                flow.AddAll(node.Inputs, multi.VjpAll(node, all, flow.Needed(node)));
        }
        else if (flow.Of(node) is { } cotangent)
        {
            if (node.Op is ProjectOp project)
                flow.AddResult(node.Inputs[0], project.Position, cotangent);
            else
                flow.AddAll(node.Inputs, node.Op.Vjp(node, cotangent, flow.Needed(node)));
        }
    }

    /// <summary>The cotangents collected so far.</summary>
    private sealed class Cotangents(HashSet<Tensor> relevant)
    {
        private readonly Dictionary<Tensor, Tensor> single = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Tensor, Tensor?[]> tuples = new(ReferenceEqualityComparer.Instance);

        public Tensor? Of(Tensor node) => single.GetValueOrDefault(node);

        public Tensor?[]? OfResults(Tensor tuple) => tuples.GetValueOrDefault(tuple);

        public bool[] Needed(Tensor node)
        {
            bool[] needed = new bool[node.Inputs.Length];
            for (int i = 0; i < needed.Length; i++)
                needed[i] = node.Inputs[i].DType.IsFloat && relevant.Contains(node.Inputs[i]);
            return needed;
        }

        public void Add(Tensor node, Tensor? cotangent)
        {
            if (cotangent is null || !node.DType.IsFloat || !relevant.Contains(node))
                return;
            single[node] = single.TryGetValue(node, out Tensor? sum) ? sum + cotangent : cotangent;
        }

        public void AddAll(ReadOnlySpan<Tensor> nodes, Tensor?[] cotangents)
        {
            for (int i = 0; i < nodes.Length; i++)
                Add(nodes[i], cotangents[i]);
        }

        public void AddResult(Tensor tuple, int position, Tensor cotangent)
        {
            if (!tuples.TryGetValue(tuple, out Tensor?[]? all))
                tuples[tuple] = all = new Tensor?[((MultiOp)tuple.Op).InferAll(Tensor.Types(tuple.Inputs)).Length];
            all[position] = all[position] is { } sum ? sum + cotangent : cotangent;
        }
    }
}
