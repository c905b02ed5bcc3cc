using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>Runs a loop forward: one compiled step, called on the same buffers. Outputs are the wanted results of the loop.</summary>
internal sealed class ScanRun : IHostFunction
{
    private readonly ScanOp op;
    private readonly ValueArray<bool> wanted;
    private readonly TensorType[] types;

    /// <summary>Which results of the step are computed: all carries, and the wanted outputs.</summary>
    private readonly int[] computed;
    private readonly Lazy<CompiledFunction> step;

    public ScanRun(ScanOp op, ValueArray<bool> wanted)
    {
        this.op = op;
        this.wanted = wanted;
        types = op.Body.Step.ArgumentTypes;
        bool[] chosen = wanted.Span[..^1].ToArray();
        Array.Fill(chosen, true, 0, op.Body.Carries);
        computed = Flags.Indices(chosen);
        step = new(() => CompiledFunction.For(op.Body.Step.Select(chosen)));
    }

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        LoopBody body = op.Body;
        LoopBuffers loop = Prepare(inputs);
        int steps = op.Steps(inputs);
        ScanRecord? record = wanted[^1] ? ScanRecord.For(body, steps) : null;
        int firstOutput = wanted.Span[..body.Carries].Count(true);
        for (int k = 0; k < steps; k++)
        {
            int element = op.Reverse ? steps - 1 - k : k;
            if (record?.Checkpoints.Offer(k) is { } slot)
                record.States.Save(loop, slot);
            for (int i = body.Carries; i < body.Carries + body.Elements; i++)
                loop.Take(i, inputs[i], element);
            loop.Run();
            for (int i = body.Carries; i < computed.Length; i++)
            {
                Buffer result = loop.Result(i);
                outputs[firstOutput + i - body.Carries]!.CopyFrom(result, 0, element * result.Length, result.Length);
            }
        }
        for (int i = 0, next = 0; i < body.Carries; i++)
            if (wanted[i])
                outputs[next++]!.CopyFrom(loop.Argument(i), 0, 0, types[i].Shape.Length);
        if (record is not null)
            outputs[^1] = new ObjectBuffer(record);
    }

    public override bool Equals(object? obj) =>
        obj is ScanRun other && op.Equals(other.op) && wanted.Equals(other.wanted);

    public override int GetHashCode() => HashCode.Combine(op, wanted);

    private LoopBuffers Prepare(ReadOnlySpan<Buffer> inputs)
    {
        LoopBody body = op.Body;
        Buffer[] captures = inputs[(body.Carries + body.Elements)..].ToArray();
        var fed = new (int, int)[body.Carries];
        for (int i = 0; i < fed.Length; i++)
            fed[i] = (i, i);
        int first = body.Carries + body.Elements;
        var loop = new LoopBuffers(step.Value, types, i => i < first ? null : captures[i - first], fed);
        for (int i = 0; i < body.Carries; i++)
            loop.Set(i, inputs[i]);
        return loop;
    }
}
