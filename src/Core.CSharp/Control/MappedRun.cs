using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>Runs a mapped function item by item on the same buffers.</summary>
internal sealed class MappedRun(MappedOp op) : IHostFunction
{
    private readonly Lazy<CompiledFunction> compiled = new(() => CompiledFunction.For(op.Item));
    private readonly TensorType[] argumentTypes = op.Item.ArgumentTypes;
    private readonly TensorType[] resultTypes = op.Item.ResultTypes;

    private MappedOp Op => op;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        Buffer[] arguments = inputs.ToArray();
        for (int i = 0; i < arguments.Length; i++)
            if (op.Batched[i])
                arguments[i] = Hosting.Allocate(argumentTypes[i]) ?? inputs[i];
        Buffer?[] results = Hosting.Allocate(resultTypes);
        for (int i = 0; i < outputs.Length; i++)
            if (resultTypes[i].DType == DType.Opaque)
                outputs[i] = new ObjectBuffer(new ItemRecords(new Buffer[op.Size]));
        for (int item = 0; item < op.Size; item++)
        {
            Take(item, inputs, arguments);
            RunItem(item, arguments, results);
            Put(item, results, outputs);
        }
    }

    public override bool Equals(object? obj) => obj is MappedRun other && op.Equals(other.Op);

    public override int GetHashCode() => op.GetHashCode();

    private void Take(int item, ReadOnlySpan<Buffer> inputs, Buffer[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
            if (!op.Batched[i])
                continue;
            else if (inputs[i] is ObjectBuffer record)
                arguments[i] = ItemRecords.Of(record, [item], op.Size);
            else
                arguments[i].CopyFrom(inputs[i], item * arguments[i].Length, 0, arguments[i].Length);
    }

    private void RunItem(int item, Buffer[] arguments, Buffer?[] results)
    {
        try
        {
            compiled.Value.Run(arguments, results!);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            throw ItemFailures.Naming(error, item, op.Size);
        }
    }

    private void Put(int item, Buffer?[] results, Span<Buffer?> outputs)
    {
        for (int i = 0; i < results.Length; i++)
            if (resultTypes[i].DType == DType.Opaque)
                ((ItemRecords)((ObjectBuffer)outputs[i]!).Value).Put(item, results[i]!);
            else
                outputs[i]!.CopyFrom(results[i]!, 0, item * results[i]!.Length, results[i]!.Length);
    }
}
