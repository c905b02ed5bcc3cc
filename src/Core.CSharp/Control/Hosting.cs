using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>What operations that run as C# code over buffers share.</summary>
internal static class Hosting
{
    extension(IEmitter emitter)
    {
        /// <summary>Emits a host function that computes the wanted results, all of them.</summary>
        /// <param name="function">Its outputs are the wanted results, in order.</param>
        /// <param name="inputs">The operation's inputs.</param>
        /// <param name="results">The types of all results.</param>
        /// <param name="wanted">Which results the program uses.</param>
        /// <returns>One view per result; those of unwanted results are empty.</returns>
        public View[] Host(
            IHostFunction function,
            ReadOnlySpan<View> inputs,
            ReadOnlySpan<TensorType> results,
            ReadOnlySpan<bool> wanted
        )
        {
            var reads = new Operand[inputs.Length];
            for (int i = 0; i < reads.Length; i++)
                reads[i] = emitter.Whole(inputs[i]).Operand;
            var views = new View[results.Length];
            var writes = new List<Operand>();
            for (int i = 0; i < views.Length; i++)
                if (wanted[i])
                {
                    views[i] = emitter.Fresh(results[i].DType, results[i].Shape);
                    writes.Add(views[i].Operand);
                }
            emitter.Emit(new Host(function, new ValueArray<Operand>(reads), new ValueArray<Operand>([.. writes])));
            return views;
        }
    }

    /// <summary>A copy of some elements in memory of its own.</summary>
    public static Buffer Copy(Buffer source, int start, int length)
    {
        Buffer copy = Device.Cpu.Backend.Allocate(source.DType, length);
        copy.CopyFrom(source, start, 0, length);
        return copy;
    }

    /// <summary>Memory for a value; null for an opaque one, which whoever computes it brings.</summary>
    public static Buffer? Allocate(TensorType type) =>
        type.DType == DType.Opaque ? null : Device.Cpu.Backend.Allocate(type.DType, type.Shape.Length);

    /// <summary>Memory for several values.</summary>
    public static Buffer?[] Allocate(ReadOnlySpan<TensorType> types)
    {
        var buffers = new Buffer?[types.Length];
        for (int i = 0; i < buffers.Length; i++)
            buffers[i] = Allocate(types[i]);
        return buffers;
    }
}
