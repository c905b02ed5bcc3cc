using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A value in the process's own memory: a piece of a storage, which it keeps alive. Whoever holds a span or a
/// pointer of it keeps the buffer alive too (<see cref="GC.KeepAlive"/>): a span of native memory does not.
/// </summary>
internal sealed unsafe class HostBuffer(DType dtype, int length, Storage? owner, byte* pointer) : Buffer(dtype, length)
{
    private const int TinyBytes = 1024;

    /// <summary>What losses and other numbers share, apart from vectors: a loop may keep them all, and keeps no biases or moments with them.</summary>
    [ThreadStatic]
    private static SharedBlock numbers;

    [ThreadStatic]
    private static SharedBlock vectors;

    public byte* Pointer => pointer;

    /// <summary>Uninitialised memory. Tiny values of a thread share a block with others of their kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static HostBuffer Allocate(DType dtype, int length)
    {
        long bytes = (long)length * dtype.Size;
        if (bytes > TinyBytes)
        {
            var storage = new Storage(Pool.Shared, bytes);
            return new HostBuffer(dtype, length, storage, storage.Pointer);
        }
        int rounded = (int)(bytes + Pool.Alignment - 1) & -Pool.Alignment;
        ref SharedBlock block = ref rounded <= Pool.Alignment ? ref numbers : ref vectors;
        byte* start = block.Take(rounded, out Storage owner);
        return new HostBuffer(dtype, length, owner, start);
    }

    public override double Number
    {
        get
        {
            RequireNumber();
            double number = DType == DType.Float32 ? *(float*)pointer : *(double*)pointer;
            GC.KeepAlive(this);
            return number;
        }
        set
        {
            RequireNumber();
            if (DType == DType.Float32)
                *(float*)pointer = (float)value;
            else
                *(double*)pointer = value;
            GC.KeepAlive(this);
        }
    }

    /// <summary>A part of this value, in the same memory.</summary>
    public HostBuffer Slice(int offset, int length) => new(DType, length, owner, pointer + ((long)offset * DType.Size));

    /// <summary>A view of memory that others keep alive, which is moved there from where it was needed last, or made at first.</summary>
    public static HostBuffer View(DType dtype, int length, byte* place, ref HostBuffer? view)
    {
        view ??= new HostBuffer(dtype, length, null, place);
        view.MoveTo(place);
        return view;
    }

    private void MoveTo(byte* place) => pointer = place;

    public override ReadOnlySpan<T> Read<T>() => new(pointer, Checked<T>());

    public override void Write<T>(ReadOnlySpan<T> values)
    {
        int length = Checked<T>();
        if (values.Length != length)
            Throw.Error("buffer", $"as many values as the buffer's {length} must be written", $"{values.Length}");
        values.CopyTo(new Span<T>(pointer, length));
        GC.KeepAlive(this);
    }

    public override void Write<T>(ReadOnlySpan<T> values, int start)
    {
        values.CopyTo(new Span<T>(pointer, Checked<T>())[start..]);
        GC.KeepAlive(this);
    }

    public override void CopyFrom(Buffer source, int sourceStart, int targetStart, int count)
    {
        bool fits =
            source.DType == DType
            && sourceStart >= 0
            && targetStart >= 0
            && count >= 0
            && count <= source.Length - sourceStart
            && count <= Length - targetStart;
        if (!fits)
            Throw.Error("buffer", "a copy must stay inside buffers of one element type", $"{count} elements");
        byte* from = ((HostBuffer)source).Pointer + ((long)sourceStart * DType.Size);
        long bytes = (long)count * DType.Size;
        System.Buffer.MemoryCopy(from, pointer + ((long)targetStart * DType.Size), bytes, bytes);
        GC.KeepAlive(source);
        GC.KeepAlive(this);
    }

    public override void Clear()
    {
        NativeMemory.Clear(pointer, (nuint)((long)Length * DType.Size));
        GC.KeepAlive(this);
    }

    public override void Release()
    {
        // Tiny values share their blocks.
        if ((long)Length * DType.Size <= TinyBytes)
            return;
        owner?.Release();
        pointer = null;
    }

    private void RequireNumber()
    {
        if (Length == 0 || !DType.IsFloat)
            Throw.Error("buffer", "a number must be read and written where there is one", $"{Length} of {DType.Name}");
    }

    /// <summary>Whether elements are of a type; truth values are bytes.</summary>
    private bool Holds<T>()
        where T : unmanaged =>
        typeof(T) == typeof(double) ? DType == DType.Float64
        : typeof(T) == typeof(float) ? DType == DType.Float32
        : typeof(T) == typeof(long) ? DType == DType.Int64
        : typeof(T) == typeof(byte) && DType == DType.Bool;

    private int Checked<T>()
        where T : unmanaged
    {
        if (!Holds<T>())
            Throw.Error("buffer", $"elements must be read and written as {DType.Name}", typeof(T).Name);
        return Length;
    }
}
