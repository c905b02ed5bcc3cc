using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>Solves with the factors of a record: (matrices that it does not hold, record, r) → (u, v, w).</summary>
internal sealed record KktRun(QpForm Form, QpOptions Options, ValueArray<int> Places) : IHostFunction
{
    public bool KeepsInputs => false;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        var record = (QpRecord)((ObjectBuffer)inputs[^4]).Value;
        double[][] parts = Array.ConvertAll(inputs[^3..].ToArray(), Elements.ToDoubles);
        QpSolver.Run(Form.Size, new Adjoint(this, record, parts, inputs[..^4].ToArray()));
        for (int i = 0; i < parts.Length; i++)
            Elements.Write(outputs[i]!, parts[i]);
    }

    /// <summary>The solves, in place of the right sides.</summary>
    private sealed class Adjoint(KktRun run, QpRecord record, double[][] parts, Buffer[] matrices) : ILaneWork
    {
        public void SideBySide<W>()
            where W : unmanaged, ILanes<W, double> =>
            new AdjointGroup<W>(run, record, parts, new RecordedBlocks<W, Interleaved<W>>(record, run.Form.Size)).Run();

        public void OneByOne<W>()
            where W : unmanaged, ILanes<W, double> =>
            new AdjointGroup<OneLane<double>>(
                run,
                record,
                parts,
                new RecordedFactors<W>(record, run.Form, matrices)
            ).Run();
    }
}
