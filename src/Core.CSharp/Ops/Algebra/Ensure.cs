using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The value itself, once a requirement on a witness was checked.</summary>
    internal static Tensor Ensure(Tensor value, Tensor witness, Requirement requirement) =>
        Apply(new EnsureOp(requirement), value, witness);

    private sealed record EnsureOp(Requirement Requirement) : Op
    {
        public override string Name => "ensure";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[1] == 0 ? inputs[0] : null;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [cotangent, null];

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) => tangents[0] ?? ZerosLike(result);

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, Batching.Materialise(inputs[0], batched[0], size), inputs[1]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            View witness = inputs[1];
            Requirement sized = Requirement with
            {
                ItemLength = witness.Shape.Skip(witness.Shape.Rank - Requirement.ItemRank).Length,
            };
            emitter.Emit(
                new Host(sized, [emitter.Whole(inputs[0]).Operand, emitter.Whole(witness).Operand], [output.Operand])
            );
            return output;
        }
    }
}
