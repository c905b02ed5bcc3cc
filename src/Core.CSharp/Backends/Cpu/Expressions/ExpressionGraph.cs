using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>A scalar expression as a list of nodes, operands before uses, equal sub-expressions once.</summary>
internal sealed class ExpressionGraph
{
    private readonly Dictionary<Scalar, int> visited = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(Node, long), int> numbers = [];
    private readonly List<Node> nodes = [];

    private ExpressionGraph() { }

    public static Node[] Of(Scalar body)
    {
        var graph = new ExpressionGraph();
        graph.Visit(body);
        return [.. graph.nodes];
    }

    private int Visit(Scalar scalar)
    {
        if (visited.TryGetValue(scalar, out int known))
            return known;
        Node node = Translate(scalar);
        // The bits tell 0 from −0, which compare equal.
        (Node, long) key = (node, BitConverter.DoubleToInt64Bits(node.Number));
        if (!numbers.TryGetValue(key, out int number))
        {
            number = nodes.Count;
            nodes.Add(node);
            numbers.Add(key, number);
        }
        visited.Add(scalar, number);
        return number;
    }

    private Node Translate(Scalar scalar) =>
        scalar switch
        {
            Scalar.Input input => new Node(NodeKind.Input, input.Position, input.DType, -1, -1, -1, 0),
            Scalar.Constant c => new Node(NodeKind.Constant, 0, c.DType, -1, -1, -1, c.Value),
            Scalar.Index index => new Node(NodeKind.Index, index.Axis, DType.Int64, -1, -1, -1, 0),
            Scalar.Unary u => new Node(NodeKind.Unary, (int)u.Intrinsic, u.DType, Visit(u.A), -1, -1, 0),
            Scalar.Binary b => new Node(NodeKind.Binary, (int)b.Intrinsic, b.DType, Visit(b.A), Visit(b.B), -1, 0),
            Scalar.Select s => new Node(
                NodeKind.Select,
                0,
                s.DType,
                Visit(s.Condition),
                Visit(s.Then),
                Visit(s.Otherwise),
                0
            ),
            Scalar.Cast cast => new Node(NodeKind.Cast, 0, cast.To, Visit(cast.A), -1, -1, 0),
            _ => throw new NotSupportedException(scalar.GetType().Name),
        };
}
