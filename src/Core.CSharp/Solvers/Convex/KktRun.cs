using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>Solves with the factors of a record: (record, r) → (u, v, w).</summary>
internal sealed record KktRun(QpSize Size, QpOptions Options, ValueArray<int> Places) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        var record = (QpRecord)((ObjectBuffer)inputs[0]).Value;
        double[][] parts =
        [
            Elements.ToDoubles(inputs[1]),
            Elements.ToDoubles(inputs[2]),
            Elements.ToDoubles(inputs[3]),
        ];
        QpSolver.Run(Size, new Adjoint(this, record, parts));
        for (int i = 0; i < parts.Length; i++)
            Elements.Write(outputs[i]!, parts[i]);
    }

    /// <summary>The solves, in place of the right sides.</summary>
    private sealed class Adjoint(KktRun run, QpRecord record, double[][] parts) : ILaneWork
    {
        public void Run<V, D>()
            where V : unmanaged, ILanes<V, double>
            where D : struct, IDense<V> => new AdjointGroup<V, D>(run, record, parts).Run();
    }
}
