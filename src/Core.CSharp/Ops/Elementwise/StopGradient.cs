using Implicit.Graph;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The same value, which every derivative takes for a constant.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor StopGradient(Tensor x) => x.IsTraced ? Apply(StopGradientOp.Instance, x) : x;

    private sealed record StopGradientOp : Op
    {
        public static readonly StopGradientOp Instance = new();

        public override string Name => "stopGradient";

        public override bool IsView => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [null];

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) => ZerosLike(result);

        public override Op? OfItem(Shape result) => this;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) => inputs[0];
    }
}
