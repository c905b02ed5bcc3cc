using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>Computes nodes: finds the plan of their structure, binds the leaves, runs it, and stores the values.</summary>
internal sealed class Evaluation(Device device) : IEvaluator
{
    private static readonly Func<Tensor, bool> IsPending = node => node.Value is null;

    /// <summary>Installs the evaluator of the default device before anything can ask for it.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The graph lies above the runtime and cannot name it.")]
    internal static void Install() => Evaluator.Current = new Evaluation(Device.Cpu);

    public void Evaluate(ReadOnlySpan<Tensor> roots)
    {
        var order = new NodeOrder();
        NodeOrder results = WhatToKeep(roots, order);
        if (order.Count <= Pieces.LongestPlan)
            Run(order, results.Nodes);
        else
            foreach (Tensor[] part in Pieces.Of(order, results))
                Run(Walk.Postorder(part, IsPending), part);
    }

    private void Run(NodeOrder order, ReadOnlySpan<Tensor> results)
    {
        if (results.IsEmpty)
            return;
        var leaves = new Leaves();
        Structure structure = Structure.Of(order, results, leaves.Number);
        PreparedPlan plan = device.Plans[structure];
        var outputs = new Buffer?[results.Length];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] =
                results[i].DType == DType.Opaque ? null : device.Backend.Allocate(results[i].DType, results[i].Length);
        plan.Executable.Run(leaves.Inputs, leaves.Literals, outputs);
        foreach (Tensor node in order)
            node.WasPassed = true;
        for (int i = 0; i < results.Length; i++)
            results[i].Complete(outputs[i]!);
    }

    /// <summary>
    /// The roots; what was bound to be computed together with nodes on the way; what would be dear to compute again; and what
    /// is computed for the second time. Fills in the order of all nodes that it takes.
    /// </summary>
    private static NodeOrder WhatToKeep(ReadOnlySpan<Tensor> roots, NodeOrder order)
    {
        var kept = new NodeOrder();
        foreach (Tensor root in roots)
            if (IsPending(root))
                kept.Add(root);
        int seen = 0;
        for (int i = 0; i < kept.Count; i++)
        for (Walk.Extend(order, kept[i], IsPending); seen < order.Count; seen++)
            if (IsPending(order[seen]))
                Keep(order[seen], kept);
        return kept;
    }

    private static void Keep(Tensor node, NodeOrder kept)
    {
        if (IsCostly(node))
            kept.Add(node);
        if (node.Together is { } siblings)
            foreach (Tensor sibling in siblings)
                if (IsPending(sibling) && !sibling.IsTraced && sibling.Op is not LiteralOp)
                    kept.Add(sibling);
        if (!node.WasPassed)
            foreach (Tensor input in node.Inputs)
                if (PassedBefore(input) is { } again)
                    kept.Add(again);
    }

    private static bool IsCostly(Tensor node) =>
        node.Op is ProjectOp ? node.Inputs is [{ Op.IsCostly: true }] : node.Op.IsCostly && node.Op is not MultiOp;

    /// <summary>
    /// What an earlier evaluation computed on its way and let go, seen through views of it. That a new node needs it shows that it is
    /// alive elsewhere (the moments of an optimiser, a normalised input), and would be computed again each time.
    /// </summary>
    private static Tensor? PassedBefore(Tensor node)
    {
        while (IsPending(node) && node.Op.IsView && node.Inputs is [Tensor viewed, ..])
            node = viewed;
        return node.WasPassed && IsPending(node) && node.Op is not (LiteralOp or ParameterOp or MultiOp) ? node : null;
    }

    /// <summary>Numbers the leaves of a graph as the walk meets them and collects what is bound to them.</summary>
    private sealed class Leaves
    {
        private readonly List<Buffer> inputs = [];
        private readonly List<double> literals = [];

        public ReadOnlySpan<Buffer> Inputs => CollectionsMarshal.AsSpan(inputs);

        public ReadOnlySpan<double> Literals => CollectionsMarshal.AsSpan(literals);

        public PlaceholderOp? Number(Tensor node)
        {
            if (node.Value is { } elements)
            {
                inputs.Add(elements);
                return PlaceholderOp.Input(inputs.Count - 1);
            }
            if (node.Op is LiteralOp literal)
            {
                literals.Add(literal.Number);
                return PlaceholderOp.Literal(literals.Count - 1);
            }
            if (node.Op is ParameterOp)
                throw Reading.WhileTracing(node);
            return null;
        }
    }
}
