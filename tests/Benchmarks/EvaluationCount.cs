using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>Counts in a run how often what passes through <see cref="See"/> is computed, and how often its cotangent is.</summary>
internal sealed class EvaluationCount
{
    public int Values { get; private set; }

    public int Cotangents { get; private set; }

    /// <summary>The same tensor, counted.</summary>
    public Tensor See(Tensor x) => Tensor.Apply(new SeenOp(this, IsCotangent: false), x);

    /// <summary>The identity. A host function is run as often as its result is computed, whatever becomes of the plan around it.</summary>
    private sealed record SeenOp(EvaluationCount Count, bool IsCotangent) : Op, IHostFunction
    {
        public override string Name => "seen";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
            [Tensor.Apply(this with { IsCotangent = true }, cotangent)];

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Tensor.Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            emitter.Host(this, inputs, [result], [true])[0];

        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            if (IsCotangent)
                Count.Cotangents++;
            else
                Count.Values++;
            outputs[0]!.CopyFrom(inputs[0], 0, 0, inputs[0].Length);
        }
    }
}
