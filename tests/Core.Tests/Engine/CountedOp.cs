using Implicit.Graph;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Engine;

/// <summary>How often a <see cref="CountedOp"/> was computed.</summary>
internal class Counter
{
    private int count;

    public int Count => count;

    public virtual void Increment() => Interlocked.Increment(ref count);
}

/// <summary>The identity, which counts how often it is computed.</summary>
/// <param name="Counter">Counts.</param>
/// <param name="Costly">Whether its result is worth keeping.</param>
/// <param name="Cotangents">Counts how often its cotangent is computed, if given.</param>
internal sealed record CountedOp(Counter Counter, bool Costly = false, Counter? Cotangents = null) : Op
{
    public override string Name => "counted";

    public override bool IsCostly => Costly;

    public static Tensor Of(Tensor x, Counter counter, bool costly = false, Counter? cotangents = null) =>
        Tensor.Apply(new CountedOp(counter, costly, cotangents), x);

    public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

    public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
        [Cotangents == null ? cotangent : Of(cotangent, Cotangents)];

    public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Tensor.Apply(this, inputs[0]);

    public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
    {
        View output = emitter.Fresh(result.DType, result.Shape);
        View input = emitter.Whole(inputs[0]);
        emitter.Emit(new Host(new Counting(Counter), [input.Operand], [output.Operand]));
        return output;
    }

    private sealed record Counting(Counter Counter) : IHostFunction
    {
        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            Counter.Increment();
            outputs[0]!.Write(inputs[0].Read<double>());
            GC.KeepAlive(inputs[0]);
        }
    }
}
