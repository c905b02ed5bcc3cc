using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Evaluates the body block by block and folds the blocks of each output element, in order.</summary>
internal sealed unsafe class PreparedReduce : PreparedKernel
{
    private readonly BlockProgram program;
    private readonly Access output;
    private readonly Fold fold;
    private readonly int kept;
    private readonly int reduced;
    private readonly int size;

    public PreparedReduce(Reduce reduce, ReadOnlySpan<Slot> slots)
    {
        Shape keptShape = reduce.Domain.Take(reduce.Kept);
        kept = keptShape.Length;
        reduced = reduce.Domain.Skip(reduce.Kept).Length;
        size = slots[reduce.Output.Slot].DType.Size;
        fold = Fold.Of(reduce.Reduction, reduce.Body.DType);
        if (kept > 0 && reduced == 0)
            fold.ForbidEmpty();
        output = Preparation.AccessOf(reduce.Output, slots, keptShape);
        program = new BlockProgram(
            reduce.Body,
            reduce.Domain,
            Preparation.AccessesOf(reduce.Inputs, slots, reduce.Domain),
            null,
            reduced
        );
    }

    public override int ScratchBytes => program.ScratchBytes;
    public override int StateBytes => program.StateBytes;

    public override void Initialise(Frame frame) => program.Initialise(frame.State + StateOffset, frame.Scratch);

    public override void Run(Frame frame)
    {
        byte* state = frame.State + StateOffset;
        program.Begin(frame, state);
        FoldState folded = default;
        for (long row = 0; row < kept; row++)
        {
            fold.Begin(&folded);
            long start = row * reduced;
            for (long end = start + reduced; start < end; )
            {
                int count = program.BlockAt(start);
                byte* spare = program.Spare(frame);
                Value block = program.Evaluate(frame, state, start, count, spare);
                if (block.Step == 0)
                    Elements.Copy(fold.Size, block, spare, count);
                fold.Add(&folded, block.Step == 0 ? spare : block.Pointer, count);
                start += count;
            }
            output.Scatter(frame, row, 1, (byte*)&folded);
        }
    }
}
