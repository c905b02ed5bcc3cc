using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>Turns the structure of a graph into kernels over slots: the first stage of a plan.</summary>
internal sealed class Lowering : IEmitter
{
    private readonly List<Slot> slots = [];
    private readonly List<Kernel> kernels = [];
    private readonly List<double> constants = [];
    private int literals;
    private int opaqueCount;

    private Lowering() { }

    /// <summary>Lowers a structure; temporaries have no place in the arena yet.</summary>
    public static Plan Lower(Structure structure)
    {
        var lowering = new Lowering
        {
            literals = structure.Nodes.ToArray().Count(node => node.Op is PlaceholderOp { IsLiteral: true }),
        };
        View[][] views = lowering.LowerNodes(structure, lowering.Leaf);
        for (int output = 0; output < structure.Roots.Length; output++)
            lowering.Output(views[structure.Roots[output]][0], output);
        var program = new Program(
            new ValueArray<Slot>([.. lowering.slots]),
            new ValueArray<Kernel>([.. lowering.kernels]),
            ArenaBytes: 0,
            lowering.opaqueCount
        )
        {
            Constants = new ValueArray<double>([.. lowering.constants]),
        };
        return new Plan(program, Array.ConvertAll(structure.Roots.ToArray(), root => structure.Nodes[root].Type));
    }

    public View Fresh(DType dtype, Shape shape)
    {
        int position = dtype == DType.Opaque ? opaqueCount++ : 0;
        return Whole(new Slot(SlotKind.Temporary, dtype, shape.Length, position), shape);
    }

    public void Emit(Kernel kernel) => kernels.Add(kernel);

    public View Whole(View view) => IsWhole(view) ? view : this.Copied(view);

    public View[] Inline(Function function, ReadOnlySpan<View> arguments)
    {
        View[] given = arguments.ToArray();
        View[][] views = LowerNodes(function.Structure, (placeholder, _) => given[placeholder.Number]);
        return Array.ConvertAll(function.Structure.Roots.ToArray(), root => views[root][0]);
    }

    /// <summary>Emits the kernels of all nodes; what is computed twice is emitted once.</summary>
    private View[][] LowerNodes(Structure structure, Func<PlaceholderOp, TensorType, View> leaf)
    {
        int[] first = CommonNodes.Of(structure);
        bool[]?[] wanted = Wanted(structure, first);
        var views = new View[structure.Nodes.Length][];
        for (int i = 0; i < views.Length; i++)
        {
            if (first[i] < i)
            {
                views[i] = views[first[i]];
                continue;
            }
            TensorType type = structure.Nodes[i].Type;
            View[] inputs = Array.ConvertAll(structure.InputsOf(i).ToArray(), input => views[input][0]);
            views[i] = structure.Nodes[i].Op switch
            {
                PlaceholderOp placeholder => [leaf(placeholder, type)],
                LiteralOp literal => [Constant(literal.Number, type)],
                ProjectOp project => [views[structure.InputsOf(i)[0]][project.Position]],
                MultiOp multi => multi.LowerAll(this, inputs, structure.ResultTypes(i), wanted[i]),
                Op op => [op.Lower(this, inputs, type)],
            };
        }
        return views;
    }

    /// <summary>For each tuple node, which of its results a projection takes, of itself or of one that it computes the same as.</summary>
    private static bool[]?[] Wanted(Structure structure, int[] first)
    {
        var wanted = new bool[]?[structure.Nodes.Length];
        for (int i = 0; i < wanted.Length; i++)
            if (structure.Nodes[i].Op is MultiOp)
                wanted[i] = new bool[structure.ResultTypes(i).Length];
            else if (structure.Nodes[i].Op is ProjectOp project)
                wanted[first[structure.InputsOf(i)[0]]]![project.Position] = true;
        return wanted;
    }

    private View Leaf(PlaceholderOp placeholder, TensorType type)
    {
        SlotKind kind = placeholder.IsLiteral ? SlotKind.Literal : SlotKind.Input;
        return Whole(new Slot(kind, type.DType, type.Shape.Length, placeholder.Number), type.Shape);
    }

    private View Constant(double number, TensorType type)
    {
        constants.Add(number);
        return Whole(new Slot(SlotKind.Literal, type.DType, 1, literals + constants.Count - 1), type.Shape);
    }

    private View Whole(Slot slot, Shape shape)
    {
        slots.Add(slot);
        return new View(slots.Count - 1, slot.DType, shape, IndexMap.Contiguous(shape));
    }

    /// <summary>
    /// Makes a view the caller's output: a temporary that is exactly the result becomes the output itself, anything else is copied (what has
    /// no elements is handed on).
    /// </summary>
    private void Output(View view, int output)
    {
        Slot slot = slots[view.Slot];
        if (slot.Kind == SlotKind.Temporary && IsWhole(view))
        {
            slots[view.Slot] = slot with { Kind = SlotKind.Output, Position = output };
            return;
        }
        View copy = Whole(new Slot(SlotKind.Output, view.DType, view.Shape.Length, output), view.Shape);
        Emit(
            view.DType == DType.Opaque
                ? new Host(new HandOn(), [view.Operand], [copy.Operand])
                : new Map(view.Shape, new Scalar.Input(0, view.DType), [view.Operand], copy.Operand)
        );
    }

    private bool IsWhole(View view) =>
        view.DType == DType.Opaque || (slots[view.Slot].Length == view.Shape.Length && view.IsContiguous);
}
