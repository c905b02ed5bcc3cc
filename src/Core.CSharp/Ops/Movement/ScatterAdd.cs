using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Adds values at places of an axis; places that are named twice receive both. The transpose of <see cref="Gather"/>.</summary>
    /// <param name="x">Rank 1 or more: what the values are added to.</param>
    /// <param name="indices">int64, any shape, each from 0 to the extent − 1.</param>
    /// <param name="values">Broadcasts to <c>[…before, …indices, …after]</c>.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The indices are not int64, the values do not fit, or (when computed) an index is outside the axis.</exception>
    public static Tensor ScatterAdd(Tensor x, Tensor indices, Tensor values, int axis = 0)
    {
        int along = Axes.Normalise("scatterAdd", axis, x.Rank);
        Shape wanted = InPlaceOf(x.Shape, along, indices.Shape);
        values = Addend("scatterAdd", x, values);
        Throw.Unless(
            Broadcasting.Fits(values.Shape, wanted),
            "scatterAdd",
            $"the values must broadcast to {wanted}",
            $"{values.Type}"
        );
        Tensor flat = Reshape(Expand(values, wanted), x.Shape.With(along, indices.Length));
        return x + Apply(new ScatterAddOp(along, x.Shape[along]), flat, Along(indices, along, x.Rank));
    }

    /// <summary>
    /// Adds one value along an axis for each point of the index tensor: result[indices[i, j], j] += values[i, j] for axis 0. The
    /// transpose of <see cref="TakeAlongAxis"/>.
    /// </summary>
    /// <param name="x">Rank n: what the values are added to.</param>
    /// <param name="indices">int64 of rank n; its extents at the other axes are at most x's.</param>
    /// <param name="values">Broadcasts to the shape of the indices.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The ranks differ, the indices are not int64 or reach beyond x, or the values do not fit.</exception>
    /// <remarks>PyTorch's <c>scatter_add</c>.</remarks>
    public static Tensor ScatterAddAlongAxis(Tensor x, Tensor indices, Tensor values, int axis = 0)
    {
        int along = Axes.Normalise("scatterAddAlongAxis", axis, x.Rank);
        RequireWithin("scatterAddAlongAxis", indices, x, along);
        values = Addend("scatterAddAlongAxis", x, values);
        Throw.Unless(
            Broadcasting.Fits(values.Shape, indices.Shape),
            "scatterAddAlongAxis",
            $"the values must broadcast to the indices' {indices.Shape}",
            $"{values.Type}"
        );
        Tensor part = Apply(new ScatterAddOp(along, x.Shape[along]), Expand(values, indices.Shape), indices);
        return x + Place(part, new int[x.Rank], Ones(x.Rank), x.Shape);
    }

    /// <summary>Values in the element type of what they are added to, which a plain number takes.</summary>
    private static Tensor Addend(string op, Tensor x, Tensor values)
    {
        values = values.As(new TensorType(x.DType, Shape.Scalar));
        TensorType.RequireOneDType(op, x.Type, values.Type);
        return values;
    }

    /// <summary>Values and indices of one rank, which broadcast, added into zeros.</summary>
    private sealed record ScatterAddOp(int Axis, int Extent) : Op
    {
        public override string Name => "scatterAdd";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[1] == 0 ? inputs[0] : null;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            Arithmetic.Numeric(Name, inputs[0].DType);
            RequireIndices(Name, inputs[1]);
            return new TensorType(inputs[0].DType, Domain(inputs[0].Shape, inputs[1].Shape).With(Axis, Extent));
        }

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Tensor values = result.Inputs[0];
            Tensor indices = result.Inputs[1];
            Tensor everywhere = Expand(indices, Domain(values.Shape, indices.Shape));
            return [SumTo(Apply(new GatherOp(Axis), cotangent, everywhere), values.Shape), null];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
            Apply(this, tangents[0]!, result.Inputs[1]);

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(
                new ScatterAddOp(Axis + 1, Extent),
                batched[0] ? inputs[0] : Unsqueeze(inputs[0], 0),
                batched[1] ? inputs[1] : Unsqueeze(inputs[1], 0)
            );

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            Shape domain = Domain(inputs[0].Shape, inputs[1].Shape);
            View output = emitter.Fresh(result.DType, result.Shape);
            View start = output with { Shape = result.Shape.With(Axis, 1) };
            emitter.Emit(
                new Kernels.ScatterAdd(
                    domain,
                    inputs[0].Over(domain),
                    inputs[1].Over(domain),
                    output.Map.Strides[Axis],
                    Extent,
                    start.Over(domain),
                    output.Shape.Length
                )
            );
            return output;
        }

        private Shape Domain(Shape values, Shape indices) => Broadcasting.Join(Name, values, indices);
    }
}
