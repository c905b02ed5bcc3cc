namespace Implicit.Graph;

/// <summary>Which nodes a walk enters: the others are listed without their inputs.</summary>
internal interface IEntry
{
    bool Enters(Tensor node);
}

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
            Extend(order, root, new Chosen(enter));
        return order;
    }

    /// <summary>Adds what is reachable from one more root.</summary>
    public static void Extend<TEntry>(NodeOrder order, Tensor root, TEntry entry)
        where TEntry : struct, IEntry
    {
        Path path = Path.Rent();
        Meet(root);
        while (path.Count > 0)
            if (path.NextInput() is not { } input)
                order.Add(path.Pop());
            else
                Meet(input);
        path.Return();

        void Meet(Tensor node)
        {
            if (node.Inputs.IsEmpty || !entry.Enters(node))
                order.Add(node);
            else if (!order.Contains(node))
                path.Push(node);
        }
    }

    /// <summary>
    /// The nodes between <paramref name="sources"/> and <paramref name="roots"/>: first the different sources, then those that
    /// depend on one, each after its inputs.
    /// </summary>
    public static NodeOrder Between(ReadOnlySpan<Tensor> sources, ReadOnlySpan<Tensor> roots)
    {
        NodeOrder dependent = NodeOrder.Rent();
        dependent.Begin(sources);
        long first = long.MaxValue;
        foreach (Tensor source in sources)
            first = Math.Min(first, source.Id);
        NodeOrder others = NodeOrder.Rent();
        Path path = Path.Rent();
        foreach (Tensor root in roots)
        {
            Enter(root);
            while (path.Count > 0)
                if (path.NextInput() is { } input)
                    Enter(input);
                else
                    Leave(path.Pop());
        }
        path.Return();
        others.Return();
        return dependent;

        // Ids grow from inputs to results: nothing older than the oldest source can depend on one.
        void Enter(Tensor node)
        {
            if (node.Id > first && !dependent.Contains(node) && !others.Contains(node))
                path.Push(node);
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

    private readonly struct Chosen(Func<Tensor, bool> enter) : IEntry
    {
        public bool Enters(Tensor node) => enter(node);
    }

    /// <summary>
    /// The nodes from a root down to where a depth-first walk is. One that another thread computes meanwhile has no inputs from then on.
    /// </summary>
    private sealed class Path
    {
        private const int LargestKept = 4096;

        [ThreadStatic]
        private static Path? idle;

        private (Tensor Node, int Next)[] steps = new (Tensor, int)[16];

        public int Count { get; private set; }

        /// <summary>An empty path: the thread's, unless a walk is under way on it.</summary>
        public static Path Rent()
        {
            Path path = idle ?? new Path();
            idle = null;
            return path;
        }

        /// <summary>Keeps the path, which is empty again, for the next walk.</summary>
        public void Return() => idle = steps.Length <= LargestKept ? this : null;

        public void Push(Tensor node)
        {
            if (Count == steps.Length)
                Array.Resize(ref steps, 2 * Count);
            steps[Count++] = (node, 0);
        }

        public Tensor Pop()
        {
            Tensor node = steps[--Count].Node;
            steps[Count] = default;
            return node;
        }

        /// <summary>The next input of the innermost node, or null if there is none left.</summary>
        public Tensor? NextInput()
        {
            ref (Tensor Node, int Next) step = ref steps[Count - 1];
            InputList inputs = step.Node.Inputs;
            return step.Next < inputs.Length ? inputs[step.Next++] : null;
        }
    }
}
