using Implicit.Shapes;

namespace Implicit.Kernels;

/// <summary>Where a slot's elements come from.</summary>
internal enum SlotKind
{
    /// <summary>The caller's input number <see cref="Slot.Position"/>.</summary>
    Input,

    /// <summary>
    /// One number in the slot's element type: the caller's literal number <see cref="Slot.Position"/>, or a constant of the program, whose
    /// numbers follow the caller's.
    /// </summary>
    Literal,

    /// <summary>The caller's output number <see cref="Slot.Position"/>.</summary>
    Output,

    /// <summary>Scratch at block <see cref="Slot.Position"/>, of 64 bytes, of the arena (opaque ones: reference number Position).</summary>
    Temporary,

    /// <summary>Output number <see cref="Slot.Position"/> of <see cref="Program.Once"/>, which runs only read.</summary>
    Kept,
}

/// <summary>A piece of memory that kernels name by its number: <paramref name="Length"/> elements.</summary>
internal readonly record struct Slot(SlotKind Kind, DType DType, int Length, int Position);

/// <summary>
/// What a backend runs: kernels in order, over numbered slots. Input, literal and output numbers are dense.
/// </summary>
/// <param name="Slots">All memory that the kernels name.</param>
/// <param name="Kernels">The steps, in order of execution.</param>
/// <param name="ArenaBytes">Bytes of scratch that the temporaries need.</param>
/// <param name="OpaqueCount">How many opaque temporaries there are.</param>
internal sealed record Program(ValueArray<Slot> Slots, ValueArray<Kernel> Kernels, long ArenaBytes, int OpaqueCount)
{
    /// <summary>The numbers of the last literals, which belong to the program; the caller binds those before them.</summary>
    public ValueArray<double> Constants { get; init; } = [];

    /// <summary>Computes what the runs find in the kept slots, from the same constants and nothing else; null where there are none.</summary>
    public Program? Once { get; init; }

    /// <summary>How many literals the caller binds.</summary>
    public int BoundLiterals => Slots.Count(slot => slot.Kind == SlotKind.Literal) - Constants.Count;

    /// <summary>Bytes that are kept from run to run.</summary>
    public long KeptBytes =>
        Slots.Where(slot => slot.Kind == SlotKind.Kept).Sum(slot => (long)slot.Length * slot.DType.Size);

    public override string ToString() => ProgramText.Of(this);
}
