using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>
/// Runs a loop backward from the record of its forward run: states between the recorded ones are computed again, and each step
/// is pulled back by one compiled function that also adds to the cotangents of the captures.
/// </summary>
internal sealed class ScanVjpRun : IHostFunction
{
    private readonly ScanVjpOp op;
    private readonly Backstep back;
    private readonly Lazy<CompiledFunction> forward;
    private readonly Lazy<CompiledFunction> backward;

    public ScanVjpRun(ScanVjpOp op)
    {
        this.op = op;
        LoopBody body = op.Scan.Body;
        back = new Backstep(body, op.Needed.Span, op.Present.Span);
        bool[] carries = new bool[body.Results];
        Array.Fill(carries, true, 0, body.Carries);
        forward = new(() => CompiledFunction.For(body.Step.Select(carries)));
        backward = new(() => CompiledFunction.For(back.Function));
    }

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        var record = (ScanRecord)((ObjectBuffer)inputs[op.Scan.Body.Arguments]).Value;
        int steps = op.Scan.Steps(inputs);
        int piece = record.Checkpoints.LongestPiece(steps);
        int scratch = Math.Min(piece - 1, Checkpoints.SlotsFor(steps, CarryStore.BytesOf(op.Scan.Body)));
        var walk = new BackwardWalk(this, record, inputs.ToArray(), outputs.ToArray(), Math.Max(0, scratch));
        record.Checkpoints.Reverse(walk, steps, Math.Max(0, scratch));
        walk.Finish();
    }

    public override bool Equals(object? obj) => obj is ScanVjpRun other && op.Equals(other.op);

    public override int GetHashCode() => op.GetHashCode();

    /// <summary>One walk: its state is the carries of <c>forward</c>, copied to those of <c>backward</c> at each pull.</summary>
    private sealed class BackwardWalk : IChain
    {
        private readonly ScanOp scan;
        private readonly Backstep back;
        private readonly ScanRecord record;
        private readonly Buffer[] inputs;
        private readonly Buffer?[] outputs;
        private readonly CarryStore scratch;
        private readonly LoopBuffers forward;
        private readonly LoopBuffers backward;

        public BackwardWalk(ScanVjpRun run, ScanRecord record, Buffer[] inputs, Buffer?[] outputs, int places)
        {
            scan = run.op.Scan;
            back = run.back;
            this.record = record;
            this.inputs = inputs;
            this.outputs = outputs;
            LoopBody body = scan.Body;
            scratch = new CarryStore(body, places);
            int first = body.Carries + body.Elements;
            Func<int, Buffer?> captures = i => i >= first && i < body.Arguments ? inputs[i] : null;
            (int, int)[] fed = [.. Enumerable.Range(0, body.Carries).Select(i => (i, i))];
            forward = new LoopBuffers(run.forward.Value, body.Step.ArgumentTypes, captures, fed);
            backward = new LoopBuffers(run.backward.Value, back.Function.ArgumentTypes, captures, back.Fed);
            back.Begin(backward, inputs);
        }

        public void Save(int slot) => scratch.Save(forward, slot - record.Checkpoints.Slots);

        public void Restore(int slot)
        {
            if (slot < record.Checkpoints.Slots)
                record.States.Restore(forward, slot);
            else
                scratch.Restore(forward, slot - record.Checkpoints.Slots);
        }

        public void Advance(int step)
        {
            TakeElements(forward, step);
            forward.Run();
        }

        /// <summary>A loop keeps no steps whole.</summary>
        public int Together => 1;

        public void Reverse(int step, int end)
        {
            for (int i = 0; i < scan.Body.Carries; i++)
                backward.Set(i, forward.Argument(i));
            TakeElements(backward, step);
            back.Pull(backward, inputs, outputs, Element(step));
        }

        public void Finish() => back.End(backward, outputs);

        private int Element(int step) => scan.Reverse ? scan.Length - 1 - step : step;

        private void TakeElements(LoopBuffers loop, int step)
        {
            for (int i = scan.Body.Carries; i < scan.Body.Carries + scan.Body.Elements; i++)
                loop.Take(i, inputs[i], Element(step));
        }
    }
}
