using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

internal readonly record struct LiteralSlot(int Slot, DType DType);

/// <summary>How the frames of a program are laid out: slot pointers, literal cells, kernels' state, scratch.</summary>
internal sealed class FrameLayout
{
    public FrameLayout(Program program, ReadOnlySpan<PreparedKernel> kernels)
    {
        InputSlots = Numbered(program, SlotKind.Input);
        OutputSlots = Numbered(program, SlotKind.Output);
        LiteralSlots = Array.ConvertAll(
            Numbered(program, SlotKind.Literal),
            slot => new LiteralSlot(slot, program.Slots[slot].DType)
        );
        Constants = program.Constants.ToArray();
        OpaqueOutputs = [.. OpaqueOutputsOf(program, OutputSlots)];
        Temporaries = [.. TemporariesOf(program)];
        KeptSlots = Numbered(program, SlotKind.Kept);
        Kept = KeptValues.Of(program);
        ArenaBytes = program.ArenaBytes;
        OpaqueCount = program.OpaqueCount;
        LiteralStart = Aligned(program.Slots.Count * sizeof(long));
        StateStart = LiteralStart + Aligned(LiteralSlots.Length * sizeof(long));
        int state = 0;
        long scratch = 0;
        foreach (PreparedKernel kernel in kernels)
        {
            kernel.StateOffset = state;
            state += Aligned(kernel.StateBytes);
            scratch = Math.Max(scratch, kernel.ScratchBytes);
            KeepsBuffers |= kernel is PreparedHost;
        }
        ScratchStart = StateStart + state;
        TotalBytes = ScratchStart + scratch + Pool.Alignment;
    }

    /// <summary>The slot of each input number; −1 where the program does not name it.</summary>
    public int[] InputSlots { get; }

    /// <summary>The slot of each output number.</summary>
    public int[] OutputSlots { get; }

    /// <summary>The slot of each literal number, the caller's first, then the constants of the program.</summary>
    public LiteralSlot[] LiteralSlots { get; }

    /// <summary>How many literals the caller binds.</summary>
    public int BoundLiterals => LiteralSlots.Length - Constants.Length;

    public double[] Constants { get; }
    public int[] OpaqueOutputs { get; }

    /// <summary>Where each temporary lies in the arena, in bytes.</summary>
    public (int Slot, long Start)[] Temporaries { get; }
    public long ArenaBytes { get; }

    /// <summary>The slot of each kept value.</summary>
    public int[] KeptSlots { get; }

    /// <summary>What was computed once, for all frames.</summary>
    public Buffer[] Kept { get; }
    public int OpaqueCount { get; }

    /// <summary>Whether kernels need buffers and not only their memory.</summary>
    public bool KeepsBuffers { get; }

    public int LiteralStart { get; }
    public int StateStart { get; }
    public int ScratchStart { get; }
    public long TotalBytes { get; }

    private static int[] Numbered(Program program, SlotKind kind)
    {
        int count = 0;
        foreach (Slot slot in program.Slots)
            if (slot.Kind == kind)
                count = Math.Max(count, slot.Position + 1);
        int[] slots = new int[count];
        Array.Fill(slots, -1);
        for (int i = 0; i < program.Slots.Count; i++)
            if (program.Slots[i].Kind == kind)
                slots[program.Slots[i].Position] = i;
        return slots;
    }

    private static IEnumerable<(int Slot, long Start)> TemporariesOf(Program program)
    {
        for (int i = 0; i < program.Slots.Count; i++)
            if (program.Slots[i] is { Kind: SlotKind.Temporary, DType: not DType.Opaque } slot)
                yield return (i, (long)slot.Position * Pool.Alignment);
    }

    private static IEnumerable<int> OpaqueOutputsOf(Program program, int[] slots)
    {
        for (int i = 0; i < slots.Length; i++)
            if (slots[i] >= 0 && program.Slots[slots[i]].DType == DType.Opaque)
                yield return i;
    }

    private static int Aligned(int bytes) => (bytes + Pool.Alignment - 1) & -Pool.Alignment;
}
