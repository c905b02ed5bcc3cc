using Implicit.Control;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// Goes backward along a record with the cotangents λ of the state and κ of its time derivative and the totals of the captures'
/// cotangents.
/// </summary>
internal sealed class BackwardWalk
{
    private readonly OdeProblem problem;
    private readonly OdeRecord record;
    private readonly OdeTrail trail;
    private readonly Buffer[] y0;
    private readonly Buffer[] captures;
    private readonly Buffer[] rows;
    private readonly StepTransposes transposes;
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
        (this.problem, this.record) = (problem, record);
        (this.y0, this.captures, this.rows) = (y0.ToArray(), captures.ToArray(), rows.ToArray());
        transposes = problem.Kernels.Transposes(needed, captures);
        emission = record.Emissions.Count - 1;
        // Steps of the tangent equation were not kept: they are found by walking forward first.
        trail = record.Trail is { } own && own.IsOf(problem) ? own : WalkForward();
    }

    /// <summary>Gives λ at the start, then the totals.</summary>
    public void Run(ReadOnlySpan<Buffer?> results)
    {
        int whole = trail.Tapes.Count;
        if (record.Count > whole)
        {
            int steps = record.Count - whole;
            var repeated = new Repeated(this, whole, trail.RepeatedTogether(steps));
            trail.Checkpoints.Reverse(repeated, steps, trail.Checkpoints.Slots);
            repeated.Return();
        }
        for (int step = whole - 1; step >= 0; step--)
            Reverse(step, trail.Tapes[step].Beginning, trail.Tapes[step].Results);
        if (record.Count > 0)
            transposes.Start(record[0].Start, y0);
        transposes.AddRow(rows, record.Emissions[0].Output);
        if (trail != record.Trail)
            trail.Release();
        Elements.Copy(transposes.Lambda, results[..y0.Length]);
        Elements.Copy(transposes.Totals, results[y0.Length..]);
        transposes.Return();
    }

    private void Reverse(int step, ReadOnlySpan<Buffer> beginning, ReadOnlySpan<Buffer> results)
    {
        if (record.Emissions[emission] is { IsStepEnd: true } end && end.Step == step)
        {
            transposes.AddRow(rows, end.Output);
            emission--;
        }
        if (record.Emissions[emission].Step != step)
        {
            transposes.Step(record[step], beginning, results, []);
            return;
        }
        DenseCotangents dense = transposes.Dense;
        dense.Begin();
        for (; record.Emissions[emission] is var inside && inside.Step == step; emission--)
            dense.Add(inside.Output, inside.Theta, record[step].Size);
        ReadOnlySpan<Buffer> stages = dense.OfStep(rows, transposes, record[step], beginning, results);
        transposes.Step(record[step], beginning, results, stages);
    }

    private OdeTrail WalkForward()
    {
        var fresh = new OdeTrail(problem, record.Count);
        StepParts residuals = OdeTrail.Records(problem) ? StepParts.Residuals : StepParts.None;
        Stepper stepper = problem.Kernels.Stepper(StepParts.Stages | residuals, y0, captures);
        if (record.Count > 0)
            stepper.Begin(record[0].Start);
        for (int step = 0; step < record.Count; step++)
        {
            stepper.Try(record[step].Start, record[step].Size);
            fresh.Add(step, stepper);
            stepper.Accept();
        }
        // Otherwise the memory of the walk is that of steps that are kept.
        if (fresh.Tapes.Count == 0)
            stepper.Return([]);
        return fresh;
    }

    /// <summary>The steps behind those that were kept whole, taken again from kept states.</summary>
    private sealed class Repeated(BackwardWalk walk, int first, int together) : IChain
    {
        private readonly Stepper stepper = walk.problem.Kernels.Stepper(
            StepParts.Stages | StepParts.Residuals,
            walk.y0,
            walk.captures
        );
        private readonly StatePlaces scratch = new();
        private readonly List<StepTape> tapes = [];
        private bool isSlopeKnown;

        public int Together => together;

        private int Slots => walk.trail.Checkpoints.Slots;

        /// <summary>Leaves its memory to the next solve.</summary>
        public void Return()
        {
            stepper.Return([]);
            scratch.Release();
        }

        public void Save(int slot) => scratch.Save(slot - Slots, stepper.State);

        public void Restore(int slot)
        {
            if (slot < Slots)
                walk.trail.States.Restore(slot, stepper.State);
            else
                scratch.Restore(slot - Slots, stepper.State);
            isSlopeKnown = false;
        }

        public void Advance(int step)
        {
            Try(first + step);
            stepper.Accept();
        }

        public void Reverse(int begin, int end)
        {
            if (end - begin == 1)
            {
                Try(first + begin);
                walk.Reverse(first + begin, stepper.Beginning, stepper.Results);
                return;
            }
            for (int step = begin; step < end; step++)
            {
                if (step > begin)
                    stepper.Accept();
                Try(first + step);
                tapes.Add(stepper.Keep());
            }
            for (int step = end - 1; step >= begin; step--)
                walk.Reverse(first + step, tapes[step - begin].Beginning, tapes[step - begin].Results);
            stepper.TakeBack(tapes);
            tapes.Clear();
        }

        /// <summary>A kept state comes without its time derivative.</summary>
        private void Try(int step)
        {
            (double start, double size) = walk.record[step];
            if (!isSlopeKnown)
                stepper.Begin(start);
            isSlopeKnown = true;
            stepper.Try(start, size);
        }
    }
}
