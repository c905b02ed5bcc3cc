namespace Implicit.Graph;

/// <summary>Iterative walks over graphs of any depth.</summary>
internal static class Walk
{
    /// <summary>
    /// The nodes reachable from the roots, each after its inputs, in an order that depends on structure only. A node that is not
    /// entered is listed without its inputs.
    /// </summary>
    public static NodeOrder Postorder(ReadOnlySpan<Tensor> roots, Func<Tensor, bool> enter)
    {
        var order = new NodeOrder();
        foreach (Tensor root in roots)
            Extend(order, root, enter);
        return order;
    }

    /// <summary>Adds what is reachable from one more root.</summary>
    public static void Extend(NodeOrder order, Tensor root, Func<Tensor, bool> enter)
    {
        if (order.Contains(root))
            return;
        var path = new Path();
        Meet(root);
        while (path.Count > 0)
            if (path.NextInput() is not { } input)
                order.Add(path.Pop());
            else if (!order.Contains(input))
                Meet(input);

        void Meet(Tensor node)
        {
            if (enter(node) && node.InputArray is { Length: > 0 } inputs)
                path.Push(node, inputs);
            else
                order.Add(node);
        }
    }

    /// <summary>
    /// The nodes between <paramref name="sources"/> and <paramref name="roots"/>: first the different sources, then those that
    /// depend on one, each after its inputs.
    /// </summary>
    public static NodeOrder Between(ReadOnlySpan<Tensor> sources, ReadOnlySpan<Tensor> roots)
    {
        var dependent = new NodeOrder(sources);
        long first = long.MaxValue;
        foreach (Tensor source in sources)
            first = Math.Min(first, source.Id);
        var others = new NodeOrder();
        var path = new Path();
        foreach (Tensor root in roots)
        {
            Enter(root);
            while (path.Count > 0)
                if (path.NextInput() is { } input)
                    Enter(input);
                else
                    Leave(path.Pop());
        }
        return dependent;

        // Ids grow from inputs to results: nothing older than the oldest source can depend on one.
        void Enter(Tensor node)
        {
            if (node.Id > first && !dependent.Contains(node) && !others.Contains(node))
                path.Push(node, node.InputArray);
        }

        void Leave(Tensor node)
        {
            foreach (Tensor input in node.Inputs)
                if (dependent.Contains(input))
                {
                    dependent.Add(node);
                    return;
                }
            others.Add(node);
        }
    }

    /// <summary>The nodes from a root down to where a depth-first walk is, each with the inputs it had when it was met.</summary>
    private sealed class Path
    {
        private (Tensor Node, Tensor[] Inputs, int Next)[] steps = new (Tensor, Tensor[], int)[16];

        public int Count { get; private set; }

        public void Push(Tensor node, Tensor[] inputs)
        {
            if (Count == steps.Length)
                Array.Resize(ref steps, 2 * Count);
            steps[Count++] = (node, inputs, 0);
        }

        public Tensor Pop() => steps[--Count].Node;

        /// <summary>The next input of the innermost node, or null if there is none left.</summary>
        public Tensor? NextInput()
        {
            ref (Tensor Node, Tensor[] Inputs, int Next) step = ref steps[Count - 1];
            return step.Next < step.Inputs.Length ? step.Inputs[step.Next++] : null;
        }
    }
}
