using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Elements in memory as a block of them is used: one after the other (step 1), or one for all (step 0).</summary>
internal readonly unsafe record struct Value(nint Address, nint Step)
{
    public byte* Pointer => (byte*)Address;
}

/// <summary>
/// How the points of a domain, counted in row-major order, reach the elements of an operand: in place where they lie
/// one after the other, otherwise by gathering a block's elements into a register.
/// </summary>
internal sealed unsafe class Access
{
    private readonly SlotView view;
    private readonly StridedAxes axes;
    private readonly int size;
    private readonly int before;
    private readonly int length;

    /// <param name="view">Where the operand begins.</param>
    /// <param name="size">Bytes per element.</param>
    /// <param name="before">The elements of its slot before that, which negative strides reach.</param>
    /// <param name="length">The elements of its slot from there on.</param>
    /// <param name="domain">The points.</param>
    /// <param name="strides">The way from point to point along each axis, in elements.</param>
    public Access(SlotView view, int size, int before, int length, Shape domain, ReadOnlySpan<int> strides)
    {
        this.view = view;
        this.size = size;
        this.before = before;
        this.length = length;
        axes = StridedAxes.Of(domain, strides);
        int inner = axes.Strides[^1];
        IsUniform = axes.Rank == 1 && inner == 0 && domain.Length > 1;
        IsLinear = axes.Rank == 1 && (inner == 1 || domain.Length <= 1);
        Row = inner is 0 or 1 ? axes.Extents[^1] : 0;
        StepInPlace = IsLinear ? 1 : inner;
        bool repeats = !IsUniform && axes.Rank > 1 && axes.Strides[0] == 0 && domain.Length > 0;
        Period = repeats ? domain.Length / axes.Extents[0] : 0;
    }

    /// <summary>Bytes per element.</summary>
    public int Size => size;

    /// <summary>All points share one element.</summary>
    public bool IsUniform { get; }

    /// <summary>Point i is element i.</summary>
    public bool IsLinear { get; }

    /// <summary>The points over which the operand can be read in place, if they begin at a multiple of it; 0 if none.</summary>
    public int Row { get; }

    /// <summary>The points that lie by one stride, joined axes together.</summary>
    public int Inner => axes.Extents[^1];

    /// <summary>The points after which the same elements come again; 0 if they do not.</summary>
    public int Period { get; }

    /// <summary>The step of the values read in place.</summary>
    public int StepInPlace { get; }

    /// <summary>Whether blocks that stay within rows of so many points are reached in place.</summary>
    public bool IsInPlace(int rowLength) => IsLinear || IsUniform || (Row > 0 && Row % rowLength == 0);

    /// <summary>Whether such blocks can be written in place: each point has an element of its own.</summary>
    public bool IsDirect(int rowLength) => IsInPlace(rowLength) && !IsUniform;

    public byte* Start(Frame frame) => view.In(frame);

    /// <summary>The address and step of points start … within their row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value InPlace(Frame frame, long start)
    {
        long offset = IsLinear ? start : axes.Offset(start);
        return new Value((nint)(view.In(frame) + (offset * size)), StepInPlace);
    }

    /// <summary>Throws if points that are reached in place lie outside the slot.</summary>
    public void CheckInPlace(long start, int count)
    {
        long first = IsLinear ? start : axes.Offset(start);
        long last = first + ((long)StepInPlace * (count - 1));
        if (count > 0 && (first < -before || last >= length))
            throw AccessCheck.Outside($"elements {first} … {last} of {-before} … {length - 1}");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(Frame frame, long start, int count, byte* target)
    {
        byte* at = view.In(frame);
        if (size == 8)
            axes.Gather((long*)at, start, count, (long*)target);
        else if (size == 4)
            axes.Gather((int*)at, start, count, (int*)target);
        else
            axes.Gather(at, start, count, target);
    }

    /// <summary>Gathers the first points of an access with a <see cref="Period"/>: once, and the rest by doubling what is there.</summary>
    public void GatherRepeated(Frame frame, int count, byte* target)
    {
        int filled = Math.Min(Period, count);
        Gather(frame, 0, filled, target);
        while (filled < count)
        {
            int next = Math.Min(filled, count - filled);
            Buffer.MemoryCopy(target, target + ((long)filled * size), (long)next * size, (long)next * size);
            filled += next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(Frame frame, long start, int count, byte* source)
    {
        byte* at = view.In(frame);
        if (size == 8)
            axes.Scatter((long*)source, start, count, (long*)at);
        else if (size == 4)
            axes.Scatter((int*)source, start, count, (int*)at);
        else
            axes.Scatter(source, start, count, at);
    }
}
