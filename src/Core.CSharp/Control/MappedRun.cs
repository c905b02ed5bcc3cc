using Implicit.Backends.Cpu;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>Runs a mapped function item by item, where the items lie: nothing is copied.</summary>
internal sealed class MappedRun(MappedOp op) : IHostFunction
{
    private readonly Lazy<CompiledFunction> compiled = new(() => CompiledFunction.For(op.Item));
    private readonly TensorType[] argumentTypes = op.Item.ArgumentTypes;
    private readonly TensorType[] resultTypes = op.Item.ResultTypes;

    private Call? idle;

    /// <summary>What an item remembers, for a derivative, may be of its inputs: then it gets buffers of its own, which keep the batch's memory.</summary>
    public bool KeepsInputs { get; } = Array.Exists(op.Item.ResultTypes, type => type.DType == DType.Opaque);

    private MappedOp Op => op;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        // Runs may overlap, and a function may call this one again: one of them at a time has what is kept.
        Call call = Interlocked.Exchange(ref idle, null) ?? new(inputs.Length, outputs.Length);
        for (int i = 0; i < outputs.Length; i++)
            if (resultTypes[i].DType == DType.Opaque)
                outputs[i] = new ObjectBuffer(new ItemRecords(new Buffer[op.Size]));
        for (int item = 0; item < op.Size; item++)
        {
            Take(item, inputs, call);
            Place(item, outputs, call);
            RunItem(item, call);
            KeepRecords(item, outputs, call);
        }
        Array.Clear(call.Arguments);
        Array.Clear(call.Results);
        idle = call;
    }

    public override bool Equals(object? obj) => obj is MappedRun other && op.Equals(other.Op);

    public override int GetHashCode() => op.GetHashCode();

    private void Take(int item, ReadOnlySpan<Buffer> inputs, Call call)
    {
        for (int i = 0; i < inputs.Length; i++)
            if (!op.Batched[i])
                call.Arguments[i] = inputs[i];
            else if (inputs[i] is ObjectBuffer record)
                call.Arguments[i] = ItemRecords.Of(record, [item], op.Size);
            else
                call.Arguments[i] = Part(item, inputs[i], argumentTypes[i], ref call.Parts[i]);
    }

    /// <summary>Where an item's results go.</summary>
    private void Place(int item, ReadOnlySpan<Buffer?> outputs, Call call)
    {
        for (int i = 0; i < outputs.Length; i++)
            call.Results[i] =
                resultTypes[i].DType == DType.Opaque
                    ? null
                    : Part(item, outputs[i]!, resultTypes[i], ref call.Parts[argumentTypes.Length + i]);
    }

    private void RunItem(int item, Call call)
    {
        try
        {
            compiled.Value.Run(call.Arguments!, call.Results!);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            throw ItemFailures.Naming(error, item, op.Size);
        }
    }

    private void KeepRecords(int item, ReadOnlySpan<Buffer?> outputs, Call call)
    {
        for (int i = 0; i < outputs.Length; i++)
            if (resultTypes[i].DType == DType.Opaque)
                ((ItemRecords)((ObjectBuffer)outputs[i]!).Value).Put(item, call.Results[i]!);
    }

    /// <summary>An item of a batch, in the memory of that, which whoever called keeps alive.</summary>
    private unsafe HostBuffer Part(int item, Buffer batch, TensorType type, ref HostBuffer? part)
    {
        int length = type.Shape.Length;
        if (KeepsInputs)
            return ((HostBuffer)batch).Slice(item * length, length);
        byte* place = ((HostBuffer)batch).Pointer + ((long)item * length * type.DType.Size);
        return HostBuffer.View(type.DType, length, place, ref part);
    }

    /// <summary>The operands of one call, and those parts of batches that are moved to where the next item has its own.</summary>
    private sealed class Call(int inputs, int outputs)
    {
        public readonly Buffer?[] Arguments = new Buffer[inputs];
        public readonly Buffer?[] Results = new Buffer[outputs];
        public readonly HostBuffer?[] Parts = new HostBuffer[inputs + outputs];
    }
}
