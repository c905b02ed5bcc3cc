using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A map, or a reduction to one number, on so few points that code without loops computes it: a few vectors, as narrow as hold all points,
/// of elements that lie in one vector's length of memory.
/// </summary>
internal sealed class TinyKernel
{
    /// <summary>How many vectors hold the points at most.</summary>
    public const int MostVectors = 4;

    private readonly Scalar body;
    private readonly Shape domain;
    private readonly ValueArray<Operand> inputs;

    private TinyKernel(Scalar body, Shape domain, ValueArray<Operand> inputs, Operand output)
    {
        this.body = body;
        this.domain = domain;
        this.inputs = inputs;
        Output = output;
        Nodes = BodyNodes.Of(body, out bool[] isUsed);
        IsUsed = isUsed;
    }

    /// <summary>What is computed at each point.</summary>
    public Node[] Nodes { get; }

    public bool[] IsUsed { get; }

    public Operand Output { get; }

    /// <summary>With what all points are combined; null for a map.</summary>
    public Kernels.Reduction? Reduction { get; private init; }

    public int Points => domain.Length;

    public LaneTypes Types { get; private set; } = null!;

    /// <summary>How many vectors hold the points.</summary>
    public int Vectors => (Points + Types.Points - 1) / Types.Points;

    public bool InlinesFunctions => InliningBudget.Inlines(Nodes, Vectors);

    /// <summary>What it takes of a method's <see cref="InliningBudget"/>.</summary>
    public int Size => InliningBudget.SizeOf(Nodes, Vectors, InlinesFunctions);

    /// <summary>The tiny kernel; null if it is another kind of kernel, too large, or its elements lie in another way.</summary>
    public static TinyKernel? Of(Kernel kernel, int bits)
    {
        TinyKernel? tiny = kernel switch
        {
            Map map => new TinyKernel(map.Body, map.Domain, map.Inputs, map.Output),
            Reduce reduce when IsOneNumber(reduce) => new TinyKernel(
                reduce.Body,
                reduce.Domain,
                reduce.Inputs,
                reduce.Output
            )
            {
                Reduction = reduce.Reduction,
            },
            _ => null,
        };
        return tiny != null && tiny.Fits(bits) ? tiny : null;
    }

    /// <summary>The operand of an input node.</summary>
    public Operand Input(Node node) => inputs[node.Code];

    /// <summary>Which element of its slot an operand gives at a point, counted in row-major order.</summary>
    public int Element(Operand operand, int point)
    {
        if (Reduction != null && operand == Output)
            return operand.Map.Offset;
        int element = operand.Map.Offset;
        for (int axis = domain.Rank - 1; axis >= 0; axis--)
        {
            (point, int coordinate) = Math.DivRem(point, domain[axis]);
            element += coordinate * operand.Map.Strides[axis];
        }
        return element;
    }

    /// <summary>Whether so many points from one on share their element.</summary>
    public bool IsShared(Operand operand, int start, int count) => Follow(operand, start, count, step: 0);

    /// <summary>Whether so many points from one on have elements that lie one after the other.</summary>
    public bool IsInOrder(Operand operand, int start, int count) => Follow(operand, start, count, step: 1);

    /// <summary>The first and the last in memory of the elements of so many points from one on.</summary>
    public (int First, int Last) Reach(Operand operand, int start, int count)
    {
        (int first, int last) = (int.MaxValue, int.MinValue);
        for (int point = start; point < start + count; point++)
        {
            int element = Element(operand, point);
            (first, last) = (Math.Min(first, element), Math.Max(last, element));
        }
        return (first, last);
    }

    private static bool IsOneNumber(Reduce reduce) =>
        reduce.Domain.Take(reduce.Kept).Length == 1
        && reduce.Domain.Length > 0
        && reduce.Reduction <= Kernels.Reduction.Maximum
        && reduce.Body.DType != DType.Bool;

    private bool Fits(int widest)
    {
        if (Points == 0 || Points > MostVectors * widest / 8 / sizeof(float))
            return false;
        if (Points > 1 && ScalarBody.UsesIndex(body))
            return false;
        if (!Array.TrueForAll(Nodes, node => LaneBody.Supports(Nodes, node)) || TypesFor(widest) is not { } types)
            return false;
        Types = types;
        return Vectors <= MostVectors && Size <= InliningBudget.Most && AreElementsNear();
    }

    /// <summary>The narrowest vectors that hold all points, or the widest.</summary>
    private LaneTypes? TypesFor(int widest)
    {
        LaneTypes? types = null;
        for (int bits = Math.Min(128, widest); bits <= widest && !(types?.Points >= Points); bits *= 2)
            types = LaneTypes.For(Nodes, bits) ?? types;
        return types;
    }

    private bool AreElementsNear()
    {
        for (int start = 0; start < Points; start += Types.Points)
        {
            int count = Math.Min(Types.Points, Points - start);
            if (Reduction == null && !IsInOrder(Output, start, count))
                return false;
            foreach (Node node in Nodes)
                if (node.Kind == NodeKind.Input && !IsNear(node, start, count))
                    return false;
        }
        return true;
    }

    private bool IsNear(Node node, int start, int count)
    {
        Operand operand = Input(node);
        if (IsShared(operand, start, count) || IsInOrder(operand, start, count))
            return true;
        (int first, int last) = Reach(operand, start, count);
        return last - first < Types.Points && node.DType != DType.Bool;
    }

    private bool Follow(Operand operand, int start, int count, int step)
    {
        int first = Element(operand, start);
        for (int i = 1; i < count; i++)
            if (Element(operand, start + i) != first + (i * step))
                return false;
        return true;
    }
}
