using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>Reverse mode, graph to graph: cotangents flow from results to sources as new expressions.</summary>
internal static class Reverse
{
    private const int InputsOnStack = 16;

    /// <summary>
    /// The cotangents of the sources for cotangents of the results (null is zero, in and out).
    /// </summary>
    public static Tensor?[] Pull(
        ReadOnlySpan<Tensor> sources,
        ReadOnlySpan<Tensor> results,
        ReadOnlySpan<Tensor?> cotangents
    )
    {
        NodeOrder order = Walk.Between(sources, results);
        var flow = new Cotangents(order);
        for (int i = 0; i < results.Length; i++)
            flow.Add(results[i], cotangents[i]);
        for (int place = order.Count - 1; place >= order.GivenCount; place--)
            Propagate(place, order[place], flow);
        var pulled = new Tensor?[sources.Length];
        for (int i = 0; i < pulled.Length; i++)
            pulled[i] = flow.At(order.PlaceOf(sources[i]));
        order.Return();
        return pulled;
    }

    private static void Propagate(int place, Tensor node, Cotangents flow)
    {
        InputList inputs = node.Inputs;
        Span<bool> needed = inputs.Length <= InputsOnStack ? stackalloc bool[inputs.Length] : new bool[inputs.Length];
        if (node.Op is MultiOp multi)
        {
            if (flow.OfResults(place) is { } all)
                flow.AddAll(inputs, multi.VjpAll(node, all, flow.Needed(inputs, needed)));
        }
        else if (flow.At(place) is { } cotangent)
        {
            if (node.Op is ProjectOp project)
                flow.AddResult(inputs[0], project.Position, cotangent);
            else
                flow.AddAll(inputs, node.Op.Vjp(node, cotangent, flow.Needed(inputs, needed)));
        }
    }

    /// <summary>The cotangents collected so far, by the places of their nodes.</summary>
    private sealed class Cotangents(NodeOrder order)
    {
        private readonly Tensor?[] single = new Tensor?[order.Count];
        private Tensor?[]?[]? tuples;

        public Tensor? At(int place) => single[place];

        public Tensor?[]? OfResults(int place) => tuples?[place];

        /// <summary>Fills in which inputs can take a cotangent to a source.</summary>
        public ReadOnlySpan<bool> Needed(InputList inputs, Span<bool> needed)
        {
            for (int i = 0; i < needed.Length; i++)
                needed[i] = inputs[i].DType.IsFloat && order.Contains(inputs[i]);
            return needed;
        }

        public void Add(Tensor node, Tensor? cotangent)
        {
            if (cotangent is null || !node.DType.IsFloat || order.PlaceOf(node) is not (>= 0 and var place))
                return;
            single[place] = single[place] is { } sum ? Tensor.Selection.Sum(sum, cotangent) : cotangent;
        }

        public void AddAll(InputList nodes, Tensor?[] cotangents)
        {
            for (int i = 0; i < nodes.Length; i++)
                Add(nodes[i], cotangents[i]);
        }

        public void AddResult(Tensor tuple, int position, Tensor cotangent)
        {
            tuples ??= new Tensor?[]?[order.Count];
            ref Tensor?[]? all = ref tuples[order.PlaceOf(tuple)];
            all ??= new Tensor?[((MultiOp)tuple.Op).InferAll(tuple.Inputs.Types).Length];
            all[position] = all[position] is { } sum ? sum + cotangent : cotangent;
        }
    }
}
