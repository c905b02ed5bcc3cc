using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Evaluates the body block by block, straight into the output where that lies in place.</summary>
internal sealed unsafe class PreparedMap : PreparedLoop
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
        direct = output.IsDirect(program.Plan.Row);
    }

    protected override BlockProgram Program => program;

    protected override long Extent => program.Plan.Length;

    protected override long Grain => program.Plan.Grain;

    /// <summary>Ranges may begin at multiples of this.</summary>
    public int Alignment => program.Plan.Alignment;

    public override void Emit(int bits)
    {
        isChecked = AccessCheck.IsEnabled;
        program.Emit(bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Range(Frame frame, Room room, long start, long end)
    {
        while (start < end)
        {
            int count = (int)Math.Min(program.BlockAt(start), end - start);
            if (direct)
                Direct(frame, room.State, start, count);
            else
                Scattered(frame, room, start, count);
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

    private void Scattered(Frame frame, Room room, long start, int count)
    {
        byte* spare = program.Spare(room.Scratch);
        Value result = program.Evaluate(frame, room.State, start, count, spare);
        if (result.Step == 0)
            Elements.Copy(size, result, spare, count);
        output.Scatter(frame, start, count, result.Step == 0 ? spare : result.Pointer);
    }
}
