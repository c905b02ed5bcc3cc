using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>Forward mode, graph to graph: tangents flow from sources to results as new expressions.</summary>
internal static class Forward
{
    /// <summary>The tangents of the results for tangents of the sources (null is zero, in and out).</summary>
    public static Tensor?[] Push(
        ReadOnlySpan<Tensor> sources,
        ReadOnlySpan<Tensor?> tangents,
        ReadOnlySpan<Tensor> results
    )
    {
        var flow = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        var tuples = new Dictionary<Tensor, Tensor?[]>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < sources.Length; i++)
            if (tangents[i] is { } tangent)
                flow[sources[i]] = flow.TryGetValue(sources[i], out Tensor? sum) ? sum + tangent : tangent;
        NodeOrder order = Walk.Between(sources, results);
        for (int place = order.GivenCount; place < order.Count; place++)
            Propagate(order[place], flow, tuples);
        var pushed = new Tensor?[results.Length];
        for (int i = 0; i < pushed.Length; i++)
            pushed[i] = flow.GetValueOrDefault(results[i]);
        return pushed;
    }

    private static void Propagate(Tensor node, Dictionary<Tensor, Tensor> flow, Dictionary<Tensor, Tensor?[]> tuples)
    {
        if (node.Op is ProjectOp project)
        {
            if (tuples.TryGetValue(node.Inputs[0], out Tensor?[]? all) && all[project.Position] is { } part)
                flow[node] = part;
            return;
        }
        var tangents = new Tensor?[node.Inputs.Length];
        bool any = false;
        for (int i = 0; i < tangents.Length; i++)
            any |= (tangents[i] = flow.GetValueOrDefault(node.Inputs[i])) is not null;
        if (!any)
            return;
        if (node.Op is MultiOp multi)
            tuples[node] = multi.JvpAll(node, tangents) ?? TransposeAll(multi, node, tangents);
        else if (node.DType.IsFloat)
            flow[node] = node.Op.Jvp(node, tangents) ?? Transpose(node, tangents);
    }

    private static Tensor Transpose(Tensor node, Tensor?[] tangents) =>
        Transpose([node.Type], standIns => node.Op.Vjp(node, standIns[0]!, Flags.Present<Tensor>(tangents)), tangents)[
            0
        ]
        ?? Tensor.ZerosLike(node);

    private static Tensor?[] TransposeAll(MultiOp op, Tensor tuple, Tensor?[] tangents) =>
        Transpose(
            op.InferAll(tuple.Inputs.Types),
            standIns => op.VjpAll(tuple, standIns, Flags.Present<Tensor>(tangents)),
            tangents
        );

    /// <summary>
    /// The tangents as the transpose of the VJP: the cotangents of the inputs are linear in stand-ins w for the cotangents of the
    /// results, and pulling the tangents back through that linear map gives J·v.
    /// </summary>
    private static Tensor?[] Transpose(TensorType[] types, Func<Tensor?[], Tensor?[]> vjp, Tensor?[] tangents)
    {
        using Trace trace = Trace.Abstract("jvp");
        Tensor?[] standIns = Array.ConvertAll(types, type => type.DType.IsFloat ? Tensor.Parameter(type, trace) : null);
        Tensor[] present = [.. standIns.OfType<Tensor>()];
        Tensor?[] pushed = PullBack(present, vjp(standIns), tangents);
        return Flags.Spread<Tensor>(Flags.Present(standIns), AtZero(present, pushed, trace));
    }

    /// <summary>
    /// What is linear has the same derivative at every w. That of a loop or of a solve is still written with the w that it passed on: there w is 0.
    /// </summary>
    private static Tensor?[] AtZero(Tensor[] standIns, Tensor?[] results, Trace trace)
    {
        Tensor[] present = [.. results.OfType<Tensor>()];
        NodeOrder dependent = Walk.Between(standIns, present);
        if (dependent.Count == dependent.GivenCount)
        {
            dependent.Return();
            return results;
        }
        Function function = Closing.Close(standIns, dependent, present, trace, out Tensor[] captures);
        Tensor[] zeros = Array.ConvertAll(standIns, standIn => Tensor.Zeros(standIn.Shape, standIn.DType));
        return Flags.Spread<Tensor>(Flags.Present(results), function.Apply([.. zeros, .. captures]));
    }

    private static Tensor?[] PullBack(Tensor[] standIns, Tensor?[] pulled, Tensor?[] tangents)
    {
        var results = new List<Tensor>();
        var weights = new List<Tensor?>();
        for (int i = 0; i < pulled.Length; i++)
            if (pulled[i] is { } result && tangents[i] is { } tangent)
            {
                results.Add(result);
                weights.Add(tangent);
            }
        return Reverse.Pull(standIns, results.ToArray(), weights.ToArray());
    }
}
