namespace Implicit.Kernels;

/// <summary>The storage of one contiguous tensor value, in the memory of some backend.</summary>
internal abstract class Buffer(DType dtype, int length)
{
    public DType DType { get; } = dtype;

    /// <summary>The number of elements.</summary>
    public int Length { get; } = length;

    /// <summary>The elements, where the backend's memory is the host's; otherwise a copy made on demand.</summary>
    public abstract ReadOnlySpan<T> Read<T>()
        where T : unmanaged;

    /// <summary>Replaces all elements.</summary>
    public abstract void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged;

    /// <summary>Replaces some elements, from a place on.</summary>
    public abstract void Write<T>(ReadOnlySpan<T> values, int start)
        where T : unmanaged;

    /// <summary>The first element, floating-point, as float64: what a driver reads and writes between calls.</summary>
    public abstract double Number { get; set; }

    /// <summary>Copies elements of a buffer of the same element type and backend.</summary>
    public abstract void CopyFrom(Buffer source, int sourceStart, int targetStart, int count);

    /// <summary>Makes all elements zero.</summary>
    public abstract void Clear();

    /// <summary>
    /// Gives back now what the buffer alone owns, for whoever allocated it and knows that nobody will read it again. Otherwise that happens when
    /// nobody refers to it any more.
    /// </summary>
    public abstract void Release();

    /// <summary>Releases several; null where there is none.</summary>
    public static void Release(ReadOnlySpan<Buffer?> buffers)
    {
        foreach (Buffer? buffer in buffers)
            buffer?.Release();
    }
}

/// <summary>An opaque value: any object that a host function leaves for another. It is disposed with the buffer if it can be.</summary>
internal sealed class ObjectBuffer(object value) : Buffer(DType.Opaque, 0)
{
    public object Value { get; } = value;

    public override double Number
    {
        get => throw NoElements();
        set => throw NoElements();
    }

    public override ReadOnlySpan<T> Read<T>() => throw NoElements();

    public override void Write<T>(ReadOnlySpan<T> values) => throw NoElements();

    public override void Write<T>(ReadOnlySpan<T> values, int start) => throw NoElements();

    public override void CopyFrom(Buffer source, int sourceStart, int targetStart, int count) => throw NoElements();

    public override void Clear() => throw NoElements();

    public override void Release() => (Value as IDisposable)?.Dispose();

    private static InvalidOperationException NoElements() => new("An opaque value has no elements.");
}
