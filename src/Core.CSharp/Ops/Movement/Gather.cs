using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Takes places along an axis: the index tensor's axes stand where the axis was.</summary>
    /// <param name="x">Rank 1 or more.</param>
    /// <param name="indices">int64, any shape, each from 0 to the extent − 1.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>Shape <c>[…before, …indices, …after]</c>.</returns>
    /// <exception cref="TensorException">The indices are not int64, or (when computed) one is outside the axis.</exception>
    /// <remarks>NumPy's <c>take</c>.</remarks>
    public static Tensor Gather(Tensor x, Tensor indices, int axis = 0)
    {
        int along = Axes.Normalise("gather", axis, x.Rank);
        RequireIndices("gather", indices.Type);
        Tensor taken = Apply(new GatherOp(along), x, Along(indices, along, x.Rank));
        return Reshape(taken, InPlaceOf(x.Shape, along, indices.Shape));
    }

    /// <summary>Takes one place along an axis for each point of the index tensor: result[i, j] = x[indices[i, j], j] for axis 0.</summary>
    /// <param name="x">Rank n.</param>
    /// <param name="indices">int64 of rank n; its extents at the other axes are at most x's.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of the indices.</returns>
    /// <exception cref="TensorException">The ranks differ, the indices are not int64 or reach beyond x.</exception>
    /// <remarks>PyTorch's <c>gather</c>; NumPy's <c>take_along_axis</c> where the shapes agree.</remarks>
    public static Tensor TakeAlongAxis(Tensor x, Tensor indices, int axis = 0)
    {
        int along = Axes.Normalise("takeAlongAxis", axis, x.Rank);
        RequireWithin("takeAlongAxis", indices, x, along);
        Shape part = indices.Shape.With(along, x.Shape[along]);
        return Apply(new GatherOp(along), Strided(x, new int[x.Rank], Ones(x.Rank), part), indices);
    }

    private static void RequireWithin(string op, Tensor indices, Tensor x, int axis)
    {
        RequireIndices(op, indices.Type);
        bool within = indices.Rank == x.Rank;
        for (int i = 0; within && i < x.Rank; i++)
            within = i == axis || indices.Shape[i] <= x.Shape[i];
        Throw.Unless(
            within,
            op,
            $"the indices must have the tensor's rank and, but for axis {axis}, extents of at most its own",
            $"{indices.Type} for {x.Type}"
        );
    }

    private static void RequireIndices(string op, TensorType indices) =>
        Throw.Unless(indices.DType == DType.Int64, op, "the indices must be int64", $"{indices}");

    private static int[] Ones(int count)
    {
        int[] ones = new int[count];
        Array.Fill(ones, 1);
        return ones;
    }

    /// <summary>The indices as one axis among axes of 1, as a tensor of a given rank.</summary>
    private static Tensor Along(Tensor indices, int axis, int rank)
    {
        int[] extents = Ones(rank);
        extents[axis] = indices.Length;
        return Reshape(indices, extents);
    }

    private static Shape InPlaceOf(Shape shape, int axis, Shape by) =>
        (int[])[.. shape.Span[..axis], .. by.Span, .. shape.Span[(axis + 1)..]];

    /// <summary>Data and indices of one rank, which broadcast at the other axes.</summary>
    private sealed record GatherOp(int Axis) : Op
    {
        public override string Name => "gather";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[1] == 0 ? inputs[0] : null;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            RequireIndices(Name, inputs[1]);
            Shape others = inputs[0].Shape.With(Axis, 1);
            return new TensorType(inputs[0].DType, Broadcasting.Join(Name, others, inputs[1].Shape));
        }

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Shape data = result.Inputs[0].Shape;
            return [SumTo(Apply(new ScatterAddOp(Axis, data[Axis]), cotangent, result.Inputs[1]), data), null];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
            Apply(this, tangents[0]!, result.Inputs[1]);

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(
                new GatherOp(Axis + 1),
                batched[0] ? inputs[0] : Unsqueeze(inputs[0], 0),
                batched[1] ? inputs[1] : Unsqueeze(inputs[1], 0)
            );

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View data = inputs[0];
            View others = data with { Shape = data.Shape.With(Axis, 1) };
            View output = emitter.Fresh(result.DType, result.Shape);
            emitter.Emit(
                new Kernels.Gather(
                    result.Shape,
                    others.Over(result.Shape),
                    inputs[1].Over(result.Shape),
                    data.Map.Strides[Axis],
                    data.Shape[Axis],
                    output.Operand
                )
            );
            return output;
        }
    }
}
