using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>Computes nodes: finds the plan of their structure, binds the leaves, runs it, and stores the values.</summary>
internal sealed class Evaluation(Device device) : IEvaluator
{
    /// <summary>Installs the evaluator of the default device before anything can ask for it.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The graph lies above the runtime and cannot name it.")]
    internal static void Install() => Evaluator.Current = new Evaluation(Device.Cpu);

    public void Evaluate(ReadOnlySpan<Tensor> roots)
    {
        EvaluationMemory memory = EvaluationMemory.Rent();
        KnownGraphs known = memory.Known;
        if (known.Recall(roots) is { } plan)
            Run(plan, known.Results, known.Inputs, known.Literals, memory);
        else
            RunAnew(roots, memory);
        memory.Return();
    }

    private void RunAnew(ReadOnlySpan<Tensor> roots, EvaluationMemory memory)
    {
        WhatToKeep(roots, memory.Order, memory.Kept);
        if (memory.Order.Count > Pieces.LongestPlan)
            foreach (Tensor[] part in Pieces.Of(memory.Order, memory.Kept))
                Run(Walk.Postorder(part, node => node.Value is null), part, memory);
        else if (memory.Kept.Count > 0)
            Run(memory.Order, memory.Kept.Nodes, memory);
    }

    private void Run(NodeOrder order, ReadOnlySpan<Tensor> results, EvaluationMemory memory)
    {
        PreparedPlan plan = device.Plans[memory.Read(order, results), static structure => structure.Copy()];
        memory.Known.Keep(plan, order, results[0], memory.Passed);
        Run(plan, results, memory.Inputs, memory.Literals, memory);
    }

    private void Run(
        PreparedPlan plan,
        ReadOnlySpan<Tensor> results,
        ReadOnlySpan<Buffer> inputs,
        ReadOnlySpan<double> literals,
        EvaluationMemory memory
    )
    {
        Span<Buffer?> outputs = memory.Outputs(results.Length);
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] =
                results[i].DType == DType.Opaque ? null : device.Backend.Allocate(results[i].DType, results[i].Length);
        plan.Executable.Run(inputs, literals, outputs);
        for (int i = 0; i < results.Length; i++)
            results[i].Complete(outputs[i]!);
    }

    /// <summary>
    /// The roots; what was bound to be computed together with nodes on the way; what would be dear to compute again, and what only its derivative
    /// needs if that will be asked for; and what is computed for the second time. Fills in the order of all nodes that it takes.
    /// </summary>
    private static void WhatToKeep(ReadOnlySpan<Tensor> roots, NodeOrder order, NodeOrder kept)
    {
        foreach (Tensor root in roots)
            if (root.Value is null)
                kept.Add(root);
        int seen = 0;
        for (int i = 0; i < kept.Count; i++)
        for (Walk.Extend(order, kept[i], default(Pending)); seen < order.Count; seen++)
            if (order[seen].Value is null)
                Keep(order[seen], kept);
    }

    private static void Keep(Tensor node, NodeOrder kept)
    {
        if (IsCostly(node))
            kept.Add(node);
        if (node is { Op.IsCostly: true, Parts: { } parts })
            foreach (Tensor part in parts)
                if (part.Value is null)
                    kept.Add(part);
        if (node.Together is { } siblings)
            foreach (Tensor sibling in siblings)
                if (KnownGraphs.IsWanted(sibling))
                    kept.Add(sibling);
        if (!node.WasPassed)
            foreach (Tensor input in node.Inputs)
                if (PassedBefore(input) is { } again)
                    kept.Add(again);
    }

    /// <summary>
    /// What only a derivative needs, an opaque result, is not worth keeping for itself: the derivatives that read it are computed with it, and their
    /// results are kept. So it lives as long as the run.
    /// </summary>
    private static bool IsCostly(Tensor node) =>
        node.Op is ProjectOp
            ? node.DType != DType.Opaque && node.Inputs is [{ Op.IsCostly: true }]
            : node.Op.IsCostly && node.Op is not MultiOp;

    /// <summary>
    /// What an earlier evaluation computed on its way and let go, seen through views of it. That a new node needs it shows that it is
    /// alive elsewhere (the moments of an optimiser, a normalised input), and would be computed again each time.
    /// </summary>
    private static Tensor? PassedBefore(Tensor node)
    {
        while (node.Value is null && node.Op.IsView && node.Inputs is [Tensor viewed, ..])
            node = viewed;
        return node.WasPassed && node.Value is null && node.Op is not (LiteralOp or ParameterOp or MultiOp)
            ? node
            : null;
    }

    /// <summary>Enters what is yet to be computed.</summary>
    private readonly struct Pending : IEntry
    {
        public bool Enters(Tensor node) => node.Value is null;
    }
}
