namespace Implicit.Graph;

/// <summary>Iterative walks over graphs of any depth.</summary>
internal static class Walk
{
    /// <summary>
    /// The nodes reachable from the roots, each after its inputs, in an order that depends on structure only. A node that is not
    /// entered is listed without its inputs.
    /// </summary>
    public static List<Tensor> Postorder(ReadOnlySpan<Tensor> roots, Func<Tensor, bool> enter)
    {
        var order = new List<Tensor>();
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<(Tensor Node, Tensor[] Inputs, int Next)>();
        foreach (Tensor root in roots)
        {
            Push(root);
            while (pending.TryPop(out (Tensor Node, Tensor[] Inputs, int Next) top))
            {
                if (top.Next == top.Inputs.Length)
                {
                    order.Add(top.Node);
                    continue;
                }
                pending.Push(top with { Next = top.Next + 1 });
                Push(top.Inputs[top.Next]);
            }
        }
        return order;

        void Push(Tensor node)
        {
            if (seen.Add(node))
                pending.Push((node, enter(node) ? node.InputArray : [], 0));
        }
    }

    /// <summary>
    /// The nodes between <paramref name="sources"/> and <paramref name="roots"/>: those that depend on a source, sources included, each
    /// after its inputs.
    /// </summary>
    public static List<Tensor> Between(ReadOnlySpan<Tensor> sources, ReadOnlySpan<Tensor> roots)
    {
        if (sources.IsEmpty)
            return [];
        long first = long.MaxValue;
        var dependent = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (Tensor source in sources)
        {
            dependent.Add(source);
            first = Math.Min(first, source.Id);
        }
        // Ids grow from inputs to results: nothing older than the oldest source can depend on one.
        List<Tensor> reachable = Postorder(roots, node => node.Id > first && !dependent.Contains(node));
        reachable.RemoveAll(node => !dependent.Contains(node) && !DependsOnAny(node, dependent));
        return reachable;

        static bool DependsOnAny(Tensor node, HashSet<Tensor> dependent)
        {
            foreach (Tensor input in node.Inputs)
                if (dependent.Contains(input))
                    return dependent.Add(node);
            return false;
        }
    }
}
