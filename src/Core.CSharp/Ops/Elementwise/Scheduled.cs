using Implicit.Graph;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The numbers that .NET code gives for steps taken, when they are computed: so a schedule stays the same operation while the steps go on.
    /// Whole numbers have no derivative, and neither has this.
    /// </summary>
    /// <param name="rule">Must depend on nothing but the number of steps.</param>
    /// <param name="taken">int64.</param>
    /// <returns>float64, the shape of <paramref name="taken"/>.</returns>
    internal static Tensor Scheduled(Func<int, double> rule, Tensor taken) => Apply(new ScheduledOp(rule), taken);

    private sealed record ScheduledOp(Func<int, double> Rule) : Op, IHostFunction
    {
        public override string Name => "scheduled";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0] with { DType = DType.Float64 };

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [null];

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            emitter.Emit(new Host(this, [emitter.Whole(inputs[0]).Operand], [output.Operand]));
            return output;
        }

        public bool KeepsInputs => false;

        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            ReadOnlySpan<long> taken = inputs[0].Read<long>();
            for (int i = 0; i < taken.Length; i++)
                outputs[0]!.Write<double>([Rule(checked((int)taken[i]))], i);
        }
    }
}
