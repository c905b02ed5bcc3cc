using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The transpose of the last two axes.</summary>
    public Tensor T => Transpose(this, -2, -1);

    /// <summary>Reorders the axes: axis i of the result is axis <c>order[i]</c> of x.</summary>
    /// <param name="x">Rank n.</param>
    /// <param name="order">Each axis 0 … n − 1 once; negative axes count from the end.</param>
    /// <exception cref="TensorException">The order is not a permutation of the axes.</exception>
    public static Tensor Permute(Tensor x, params ReadOnlySpan<int> order)
    {
        Throw.Unless(
            order.Length == x.Rank,
            "permute",
            $"the order must name each of the {x.Rank} axes",
            $"[{string.Join(", ", order.ToArray())}]"
        );
        // Sorted, as they are only checked here: each once.
        int[] normal = Axes.Normalise("permute", order, x.Rank);
        bool moves = false;
        for (int i = 0; i < order.Length; i++)
        {
            int axis = Axes.Normalise("permute", order[i], x.Rank);
            moves |= axis != i;
            normal[i] = axis;
        }
        return moves ? Apply(new PermuteOp(new ValueArray<int>(normal)), x) : x;
    }

    /// <summary>Exchanges two axes.</summary>
    /// <param name="x">Rank 2 or more.</param>
    /// <param name="first">An axis; negative counts from the end.</param>
    /// <param name="second">Another axis.</param>
    public static Tensor Transpose(Tensor x, int first = -2, int second = -1)
    {
        int a = Axes.Normalise("transpose", first, x.Rank);
        int b = Axes.Normalise("transpose", second, x.Rank);
        int[] order = Axes.All(x.Rank);
        (order[a], order[b]) = (b, a);
        return Permute(x, order);
    }

    /// <summary>Moves one axis to another place; the others keep their order.</summary>
    /// <param name="x">Rank n.</param>
    /// <param name="from">The axis to move.</param>
    /// <param name="to">Its place in the result.</param>
    public static Tensor MoveAxis(Tensor x, int from, int to)
    {
        int source = Axes.Normalise("moveAxis", from, x.Rank);
        int target = Axes.Normalise("moveAxis", to, x.Rank);
        List<int> order = [.. Axes.All(x.Rank)];
        order.RemoveAt(source);
        order.Insert(target, source);
        return Permute(x, order.ToArray());
    }

    private sealed record PermuteOp(ValueArray<int> Order) : LinearOp
    {
        public override string Name => "permute";

        public override bool IsView => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) =>
            new(inputs[0].DType, inputs[0].Shape.Permuted(Order.Span));

        public override Tensor Transpose(Tensor cotangent, TensorType input)
        {
            int[] inverse = new int[Order.Count];
            for (int i = 0; i < inverse.Length; i++)
                inverse[Order[i]] = i;
            return Selection.Move(cotangent, static (x, order) => Permute(x, order), inverse);
        }

        public override Op? OfItem(Shape result) => Order[0] == 0 ? this : null;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Permute(inputs[0], [0, .. Order.ToArray().Select(axis => axis + 1)]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            inputs[0].Permuted(Order.Span);
    }
}
