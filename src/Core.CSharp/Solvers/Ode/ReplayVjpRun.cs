using Implicit.Control;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Runs the transpose of a replay backward along the record, from kept states and states computed again.</summary>
internal sealed record ReplayVjpRun(OdeProblem Problem, ValueArray<bool> Needed) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        int n = Problem.Leaves;
        var record = (OdeRecord)((ObjectBuffer)inputs[^1]).Value;
        ReadOnlySpan<Buffer> y0 = inputs[..n];
        ReadOnlySpan<Buffer> captures = inputs.Slice(n, Problem.Captures.Length);
        ReadOnlySpan<Buffer> rows = inputs.Slice(n + captures.Length, n);
        var walk = new BackwardWalk(Problem, Needed, record, y0, captures, rows);
        Elements.Copy(walk.Run(), (Buffer[])[.. outputs!]);
    }

    /// <summary>The state, its cotangent λ and the totals of the captures' cotangents on the way back.</summary>
    private sealed class BackwardWalk : IChain
    {
        private readonly OdeProblem problem;
        private readonly ValueArray<bool> needed;
        private readonly OdeRecord record;
        private readonly Buffer[] rows;
        private readonly GridStepper stepper;
        private readonly Checkpoints checkpoints;
        private readonly StatePlaces kept;
        private readonly StatePlaces scratch = new();
        private readonly CompiledFunction retreat;
        private readonly CompiledFunction add;
        private readonly Buffer[] row;
        private readonly Buffer[] retreatArguments;
        private readonly Buffer[] addArguments;
        private Buffer[] cotangents;
        private Buffer[] next;
        private DenseCotangents? dense;
        private int emission;

        public BackwardWalk(
            OdeProblem problem,
            ValueArray<bool> needed,
            OdeRecord record,
            ReadOnlySpan<Buffer> y0,
            ReadOnlySpan<Buffer> captures,
            ReadOnlySpan<Buffer> rows
        )
        {
            (this.problem, this.needed, this.record, this.rows) = (problem, needed, record, rows.ToArray());
            stepper = new GridStepper(problem, y0, captures);
            retreat = problem.Kernels.Retreat(needed, dense: false);
            add = problem.Kernels.Add;
            row = add.AllocateResults();
            cotangents = Elements.Zeros(retreat.ResultTypes);
            retreatArguments = [.. stepper.Arguments, .. cotangents];
            addArguments = [.. row, .. row];
            next = retreat.AllocateResults();
            emission = record.Emissions.Count - 1;
            // States of the tangent equation were not kept: they are found by walking forward first.
            bool isKept = record.States.Leaves == problem.Leaves;
            (checkpoints, kept) = isKept ? (record.Checkpoints, record.States) : WalkForward();
        }

        /// <summary>λ at the start, then the totals.</summary>
        public Buffer[] Run()
        {
            checkpoints.Reverse(this, record.Count, checkpoints.Slots);
            AddRow(record.Emissions[0].Output);
            return cotangents;
        }

        public void Save(int slot) => scratch.Save(slot - checkpoints.Slots, stepper.State);

        public void Restore(int slot)
        {
            if (slot < checkpoints.Slots)
                kept.Restore(slot, stepper.State);
            else
                scratch.Restore(slot - checkpoints.Slots, stepper.State);
        }

        public void Advance(int step) => stepper.Advance(record[step]);

        public void Reverse(int step)
        {
            if (record.Emissions[emission] is { IsStepEnd: true } end && end.Step == step)
            {
                AddRow(end.Output);
                emission--;
            }
            stepper.At(record[step]);
            stepper.Arguments.CopyTo(retreatArguments);
            cotangents.CopyTo(retreatArguments, stepper.Arguments.Length);
            if (record.Emissions[emission].Step != step)
                retreat.Run(retreatArguments, next);
            else
            {
                dense ??= new DenseCotangents(problem, needed);
                dense.Clear();
                for (; record.Emissions[emission].Step == step; emission--)
                {
                    stepper.Weigh(record[step], record.Emissions[emission].Theta);
                    Elements.CopyRow(rows, record.Emissions[emission].Output, row);
                    dense.Add(stepper.Weights, row);
                }
                dense.Retreat(retreatArguments, next);
            }
            (cotangents, next) = (next, cotangents);
        }

        private (Checkpoints Checkpoints, StatePlaces Kept) WalkForward()
        {
            var fresh = new Checkpoints(Math.Min(OdeintRun.Slots(problem), Math.Max(2, record.Count)), record.Count);
            var places = new StatePlaces();
            for (int step = 0; step < record.Count; step++)
            {
                if (fresh.Offer(step) is { } place)
                    places.Save(place, stepper.State);
                stepper.Advance(record[step]);
            }
            return (fresh, places);
        }

        /// <summary>λ += the cotangent of an output that is the current end of a step.</summary>
        private void AddRow(int output)
        {
            int n = problem.Leaves;
            Elements.CopyRow(rows, output, row);
            cotangents.AsSpan(0, n).CopyTo(addArguments);
            add.Run(addArguments, next.AsSpan(0, n));
            for (int leaf = 0; leaf < n; leaf++)
                (cotangents[leaf], next[leaf]) = (next[leaf], cotangents[leaf]);
        }
    }

    /// <summary>The cotangents d and k̄ that outputs inside a step give to its beginning and its stages.</summary>
    private sealed class DenseCotangents(OdeProblem problem, ValueArray<bool> needed)
    {
        private readonly CompiledFunction spread = problem.Kernels.Spread;
        private readonly CompiledFunction retreat = problem.Kernels.Retreat(needed, dense: true);
        private Buffer[] current = Elements.Zeros(GridFunctions.DenseTypes(problem));
        private Buffer[] next = Elements.Zeros(GridFunctions.DenseTypes(problem));
        private Buffer[] spreadArguments = [];
        private Buffer[] retreatArguments = [];

        public void Clear()
        {
            foreach (Buffer cotangent in current)
                cotangent.Clear();
        }

        public void Add(Buffer weights, Buffer[] row)
        {
            if (spreadArguments.Length == 0)
                spreadArguments = [weights, .. row, .. current];
            current.CopyTo(spreadArguments, 1 + row.Length);
            spread.Run(spreadArguments, next);
            (current, next) = (next, current);
        }

        public void Retreat(Buffer[] arguments, Buffer[] results)
        {
            if (retreatArguments.Length == 0)
                retreatArguments = [.. arguments, .. current];
            arguments.CopyTo(retreatArguments, 0);
            current.CopyTo(retreatArguments, arguments.Length);
            retreat.Run(retreatArguments, results);
        }
    }
}
