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
        List<Tensor> order = Walk.Postorder(roots, node => node.Value is null);
        Tensor[] results = WhatToKeep(roots, ref order);
        if (results.Length == 0)
            return;
        var leaves = new Leaves();
        Structure structure = Structure.Of(order, results, leaves.Number);
        PreparedPlan plan = device.Plans[structure];
        var outputs = new Buffer?[results.Length];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] =
                results[i].DType == DType.Opaque ? null : device.Backend.Allocate(results[i].DType, results[i].Length);
        plan.Executable.Run(leaves.Inputs, leaves.Literals, outputs);
        for (int i = 0; i < results.Length; i++)
            results[i].Complete(outputs[i]!);
    }

    /// <summary>
    /// The roots, what was bound to be computed together with nodes on the way, and what would be dear to compute again.
    /// </summary>
    private static Tensor[] WhatToKeep(ReadOnlySpan<Tensor> roots, ref List<Tensor> order)
    {
        var kept = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (Tensor root in roots)
            if (root.Value is null)
                kept.Add(root);
        for (int seen = -1; seen != kept.Count; )
        {
            seen = kept.Count;
            foreach (Tensor node in order)
                if (node.Value is null)
                    Keep(node);
            if (kept.Count != seen)
                order = Walk.Postorder([.. kept], node => node.Value is null);
        }
        return [.. kept];

        void Keep(Tensor node)
        {
            if (IsCostly(node))
                kept.Add(node);
            foreach (Tensor sibling in node.Together ?? [])
                if (sibling.Value is null && !sibling.IsTraced && sibling.Op is not LiteralOp)
                    kept.Add(sibling);
        }
    }

    private static bool IsCostly(Tensor node) =>
        node.Op is ProjectOp ? node.Inputs is [{ Op.IsCostly: true }] : node.Op.IsCostly && node.Op is not MultiOp;

    /// <summary>Numbers the leaves of a graph as the walk meets them and collects what is bound to them.</summary>
    private sealed class Leaves
    {
        private readonly List<Buffer> inputs = [];
        private readonly List<double> literals = [];

        public Buffer[] Inputs => [.. inputs];

        public double[] Literals => [.. literals];

        public PlaceholderOp? Number(Tensor node)
        {
            if (node.Value is { } elements)
            {
                inputs.Add(elements);
                return new PlaceholderOp(inputs.Count - 1, IsLiteral: false);
            }
            if (node.Op is LiteralOp literal)
            {
                literals.Add(literal.Number);
                return new PlaceholderOp(literals.Count - 1, IsLiteral: true);
            }
            if (node.Op is ParameterOp)
                throw Reading.WhileTracing(node);
            return null;
        }
    }
}
