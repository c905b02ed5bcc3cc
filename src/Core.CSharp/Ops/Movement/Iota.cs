using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>At each point its coordinate along one axis, as int64.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    public static Tensor Iota(Shape shape, int axis = 0) =>
        Apply(new IotaOp(shape, Axes.Normalise("iota", axis, shape.Rank)));

    /// <summary>0, 1, …, count − 1 as int64.</summary>
    /// <param name="count">How many.</param>
    public static Tensor Arange(int count) => Iota([count]);

    private sealed record IotaOp(Shape To, int Axis) : Op
    {
        public override string Name => "iota";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => new(DType.Int64, To);

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [];

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(new IotaOp(To.Prepend(size), Axis + 1));

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            emitter.Map(result, new Scalar.Index(Axis));
    }
}
