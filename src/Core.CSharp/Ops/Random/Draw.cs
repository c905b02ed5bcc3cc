using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>64 random bits for each key.</summary>
    internal static Tensor RandomBits(Tensor keys) => Draw(Distribution.Bits, keys, Shape.Scalar, DType.Int64);

    /// <summary>Independent numbers of a distribution: the axes of the keys, then the given shape.</summary>
    private static Tensor Draw(Distribution distribution, Tensor keys, Shape shape, DType dtype) =>
        Apply(new DrawOp(distribution, shape, dtype), keys);

    /// <summary>
    /// A parameter of a distribution, which broadcasts to the shape that is drawn: a larger one would repeat numbers.
    /// </summary>
    private static Tensor Scale(string op, string name, Tensor x, Shape shape, DType dtype)
    {
        Throw.Unless(
            Broadcasting.Fits(x.Shape, shape),
            op,
            $"the {name} must broadcast to the shape",
            $"{x.Type} for {shape}"
        );
        if (x.Op is LiteralOp { Number: var number })
            return Literal(number, dtype);
        Throw.Unless(
            x.DType == dtype,
            op,
            $"the {name} must have the element type of the numbers, {dtype.Name} (convert with cast)",
            $"{x.Type}"
        );
        return x;
    }

    private sealed record DrawOp(Distribution Distribution, Shape Item, DType DType) : Op
    {
        public override string Name => Distribution == Distribution.Normal ? "normal" : "uniform";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            Throw.Unless(
                Distribution == Distribution.Bits || DType.IsFloat,
                Name,
                "the element type must be a floating-point one",
                DType.Name
            );
            return new TensorType(DType, inputs[0].Shape.Concat(Item));
        }

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [null];

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            Operand keys = emitter.Contiguous(inputs[0]).Operand;
            emitter.Emit(new Kernels.Random(Distribution, inputs[0].Shape.Length, Item.Length, keys, output.Operand));
            return output;
        }
    }
}
