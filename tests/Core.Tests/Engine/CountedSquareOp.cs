using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Engine;

/// <summary>x → (x², 2x), which counts how often it is computed. The second result is for the derivative of the first.</summary>
internal sealed record CountedSquareOp(Counter Counter) : MultiOp
{
    public override string Name => "counted square";

    public override bool IsCostly => true;

    public static Tensor Of(Tensor x, Counter counter) => Tensor.ApplyMany(new CountedSquareOp(counter), x)[0];

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => [inputs[0], inputs[0]];

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed) =>
        [cotangents[0]! * Results(tuple)[1]];

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Tensor.ApplyMany(this, inputs[0]);

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    ) => emitter.Host(new Squaring(Counter), inputs, results, [true, true]);

    private sealed record Squaring(Counter Counter) : IHostFunction
    {
        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            Counter.Increment();
            double[] x = inputs[0].Read<double>().ToArray();
            GC.KeepAlive(inputs[0]);
            outputs[0]!.Write<double>(Array.ConvertAll(x, element => element * element));
            outputs[1]!.Write<double>(Array.ConvertAll(x, element => 2.0 * element));
        }
    }
}
