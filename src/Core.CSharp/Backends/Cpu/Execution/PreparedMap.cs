using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Evaluates the body block by block, straight into the output where that lies in place.</summary>
internal sealed unsafe class PreparedMap : PreparedKernel
{
    private readonly BlockProgram program;
    private readonly Access output;
    private readonly bool direct;
    private readonly int size;
    private bool isChecked;

    public PreparedMap(Map map, ReadOnlySpan<Slot> slots)
    {
        size = slots[map.Output.Slot].DType.Size;
        output = Preparation.AccessOf(map.Output, slots, map.Domain);
        program = new BlockProgram(map.Body, map.Domain, Preparation.AccessesOf(map.Inputs, slots, map.Domain), output);
        direct = output.IsDirect(program.Row);
    }

    public override int ScratchBytes => program.ScratchBytes;
    public override int StateBytes => program.StateBytes;

    public override double Saving => program.Saving;

    public override void Emit(int bits)
    {
        isChecked = AccessCheck.IsEnabled;
        program.Emit(bits);
    }

    public override void Initialise(Frame frame) => program.Initialise(frame.State + StateOffset, frame.Scratch);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Frame frame)
    {
        byte* state = frame.State + StateOffset;
        program.Begin(frame, state);
        long length = program.Length;
        for (long start = 0; start < length; )
        {
            int count = program.BlockAt(start);
            if (direct)
                Direct(frame, state, start, count);
            else
                Scattered(frame, state, start, count);
            start += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Direct(Frame frame, byte* state, long start, int count)
    {
        byte* target = output.InPlace(frame, start).Pointer;
        if (isChecked)
            output.CheckInPlace(start, count);
        Value result = program.Evaluate(frame, state, start, count, target);
        if (result.Pointer != target || result.Step == 0)
            Elements.Copy(size, result, target, count);
    }

    private void Scattered(Frame frame, byte* state, long start, int count)
    {
        byte* spare = program.Spare(frame);
        Value result = program.Evaluate(frame, state, start, count, spare);
        if (result.Step == 0)
            Elements.Copy(size, result, spare, count);
        output.Scatter(frame, start, count, result.Step == 0 ? spare : result.Pointer);
    }
}
