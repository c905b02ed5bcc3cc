using System.Runtime.Intrinsics;
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
        if (Vector512.IsHardwareAccelerated)
            new Adjoint<Lanes512<double>>(this, record).Run(parts);
        else if (Vector256.IsHardwareAccelerated)
            new Adjoint<Lanes256<double>>(this, record).Run(parts);
        else
            new Adjoint<Lanes128<double>>(this, record).Run(parts);
        for (int i = 0; i < parts.Length; i++)
            Elements.Write(outputs[i]!, parts[i]);
    }

    /// <summary>The solves, in place of the right sides.</summary>
    private sealed unsafe class Adjoint<W>(KktRun run, QpRecord record)
        where W : unmanaged, ILanes<W, double>
    {
        /// <summary>A residual beside the right side that only rounding explains.</summary>
        private const double Consistent = 1e-9;

        private readonly Scratch scratch = new(1);
        private KktSystem<Lane64, Blocked<W>>? kkt;

        public void Run(double[][] parts)
        {
            QpSize size = run.Size;
            int items = size.N > 0 ? parts[0].Length / size.N : 0;
            double* right = scratch.Take(size.Total);
            double* solution = scratch.Take(size.Total);
            int[] lengths = [size.N, size.P, size.Rows];
            for (int item = 0; item < items; item++)
            {
                Copy(item, parts, lengths, right, isRead: true);
                if (Lanewise<Lane64>.Largest(size.Total, right) is var largest && Lane64.First(largest) == 0.0)
                    new Span<double>(solution, size.Total).Clear();
                else
                    Solve(run.Places.Count == 0 ? item : run.Places[item], right, solution);
                Copy(item, parts, lengths, solution, isRead: false);
            }
            GC.KeepAlive(this);
        }

        private void Solve(int place, double* right, double* solution)
        {
            QpBlock block = record.Block(place) ?? throw NotSolved(place);
            if (run.Options.Degeneracy == Degeneracy.Strict)
                Require(place, block);
            QpSize size = run.Size;
            for (int i = 0; i < size.Total; i++)
                right[i] *= block.ResidualUnit[i];
            // What is not read: rows without a constraint.
            for (int i = 0; i < size.Rows; i++)
                right[size.N + size.P + i] *= block.Live[i];
            if (!IsSolved(block, right, solution))
                LeastNorm.Solve<W>(block, right, solution);
            for (int i = 0; i < size.Total; i++)
                solution[i] *= block.Unit[i];
            GC.KeepAlive(block);
        }

        private bool IsSolved(QpBlock block, double* right, double* solution)
        {
            kkt ??= new KktSystem<Lane64, Blocked<W>>(block);
            kkt.Use(block);
            double residual = Lane64.First(kkt.Solve(right, solution, 1, 0.0));
            return residual <= Consistent * Lane64.First(Lanewise<Lane64>.Largest(block.Size.Total, right));
        }

        /// <summary>Refuses what has no unique derivative.</summary>
        private void Require(int place, QpBlock block)
        {
            if (record.Status(place) != QpStatus.Solved)
                throw NotSolved(place);
            if (!(record.Margin(place) > QpSolution.WeaklyActive))
                throw Degenerate(place, $"a constraint is weakly active (margin {record.Margin(place):g3})");
            if (!record.IsRegular(place, () => IsRegular(block)))
                throw Degenerate(
                    place,
                    "the active constraints' gradients, or the curvature left by them, do not have full rank"
                );
        }

        /// <summary>A singular system has no solution for a right side without any pattern.</summary>
        private bool IsRegular(QpBlock block)
        {
            QpSize size = block.Size;
            var own = new Scratch(1);
            double* right = own.Take(size.Total);
            for (int i = 0; i < size.Total; i++)
                right[i] = Math.Sin((i + 1) * (i + 1.7));
            for (int i = 0; i < size.Rows; i++)
                right[size.N + size.P + i] *= block.Live[i];
            bool isRegular = IsSolved(block, right, own.Take(size.Total));
            GC.KeepAlive(own);
            return isRegular;
        }

        private SolveException NotSolved(int place) =>
            new(
                $"[qp] a solution can be differentiated only where there is one. The status is {record.Status(place)}."
                    + QpRun.Place(place, record.Items)
            );

        private SolveException Degenerate(int place, string what) =>
            new(
                $"[qp] the derivative is not unique: {what}. Use Degeneracy.MinNorm for a finite one, or move the data."
                    + QpRun.Place(place, record.Items)
            );

        private static void Copy(int item, double[][] parts, int[] lengths, double* vector, bool isRead)
        {
            for (int part = 0; part < parts.Length; part++)
            {
                var row = parts[part].AsSpan(item * lengths[part], lengths[part]);
                var own = new Span<double>(vector, lengths[part]);
                if (isRead)
                    row.CopyTo(own);
                else
                    own.CopyTo(row);
                vector += lengths[part];
            }
        }
    }
}
