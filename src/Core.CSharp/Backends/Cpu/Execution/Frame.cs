using System.Runtime.CompilerServices;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The memory of one run: where every slot lies, the literals' cells, the arena of temporaries, scratch. A frame serves
/// one run at a time and is kept for the next.
/// </summary>
internal sealed unsafe class Frame
{
    /// <summary>Larger arenas go back to the pool after each run: plans that are kept must not keep much memory.</summary>
    private const long LargestKeptArena = 1 << 20;
    private readonly FrameLayout layout;
    private readonly Storage block;
    private readonly WeakReference<Frame> self;
    private Storage? arena;

    /// <summary>Whether it has run since its arena was last asked back.</summary>
    private bool hasRun;

    /// <summary>1 while a run uses the frame: from the start, for whoever made it.</summary>
    private int taken = 1;

    public Frame(FrameLayout layout)
    {
        this.layout = layout;
        self = new(this);
        block = new Storage(Pool.Shared, layout.TotalBytes);
        Slots = (byte**)block.Pointer;
        State = block.Pointer + layout.StateStart;
        Scratch = block.Pointer + layout.ScratchStart;
        Inputs = new Buffer?[layout.InputSlots.Length];
        Outputs = new Buffer?[layout.OutputSlots.Length];
        Opaque = new Buffer?[layout.OpaqueCount];
        new Span<byte>(block.Pointer, layout.StateStart).Clear();
        for (int i = 0; i < layout.LiteralSlots.Length; i++)
            Slots[layout.LiteralSlots[i].Slot] = block.Pointer + layout.LiteralStart + (8 * i);
        WriteLiterals(layout.BoundLiterals, layout.Constants);
        Bind(layout.KeptSlots, layout.Kept);
    }

    /// <summary>The first byte of every slot; null for opaque ones.</summary>
    public byte** Slots { get; }

    public byte* State { get; }
    public byte* Scratch { get; }

    /// <summary>The caller's inputs, by number, if the program calls host functions.</summary>
    public Buffer?[] Inputs { get; }

    /// <summary>The caller's outputs, by number, if the program calls host functions; opaque ones are filled in by the run.</summary>
    public Buffer?[] Outputs { get; }

    /// <summary>Opaque temporaries, by number.</summary>
    public Buffer?[] Opaque { get; }

    /// <summary>Takes the frame for a run, unless another has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake() => taken == 0 && Interlocked.CompareExchange(ref taken, 1, 0) == 0;

    /// <summary>Leaves the frame to the next run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free() => Volatile.Write(ref taken, 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(ReadOnlySpan<Buffer> inputs, ReadOnlySpan<double> literals, ReadOnlySpan<Buffer?> outputs)
    {
        hasRun = true;
        if (arena is not { IsHeld: true } && layout.ArenaBytes > 0)
            PlaceArena();
        Bind(layout.InputSlots, inputs!);
        Bind(layout.OutputSlots, outputs);
        if (layout.KeepsBuffers)
        {
            inputs[..Inputs.Length].CopyTo(Inputs!);
            outputs[..Outputs.Length].CopyTo(Outputs);
        }
        WriteLiterals(0, literals[..layout.BoundLiterals]);
    }

    /// <summary>Gives the caller the opaque results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void HandOver(Span<Buffer?> outputs)
    {
        foreach (int number in layout.OpaqueOutputs)
            outputs[number] = Outputs[number];
    }

    /// <summary>Lets go of the caller's values, and releases the opaque ones that lived in the run only, however far it came.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void End()
    {
        if (layout.ArenaBytes > LargestKeptArena)
            arena?.Release();
        if (!layout.KeepsBuffers)
            return;
        Array.Clear(Inputs);
        Array.Clear(Outputs);
        Buffer.Release(Opaque);
        Array.Clear(Opaque);
    }

    /// <summary>Gives its arena back, unless it has run since it was last asked, or runs.</summary>
    public bool GivesArenaBack()
    {
        if (hasRun || !TryTake())
        {
            hasRun = false;
            return false;
        }
        arena?.Release();
        Free();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteLiterals(int first, ReadOnlySpan<double> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            LiteralSlot cell = layout.LiteralSlots[first + i];
            Elements.Write(cell.DType, numbers[i], Slots[cell.Slot]);
        }
    }

    private void PlaceArena()
    {
        if (arena is null)
            arena = new Storage(Pool.Shared, layout.ArenaBytes);
        else
            arena.Renew();
        foreach ((int slot, long start) in layout.Temporaries)
            Slots[slot] = arena.Pointer + start;
        if (layout.ArenaBytes <= LargestKeptArena)
            KeptArenas.Shared.Add(self, arena.Capacity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Bind(int[] slots, ReadOnlySpan<Buffer?> given)
    {
        byte** pointers = Slots;
        for (int i = 0; i < slots.Length; i++)
            if (slots[i] >= 0 && given[i] is HostBuffer host)
                pointers[slots[i]] = host.Pointer;
    }
}
