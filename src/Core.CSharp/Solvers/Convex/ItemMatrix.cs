using Implicit.Backends.Cpu;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>A matrix of each item, or one for all, as float64. Whoever uses its pointers keeps it alive.</summary>
internal sealed unsafe class ItemMatrix
{
    private readonly HostBuffer elements;
    private readonly int stride;

    /// <param name="buffer">[items, rows, columns] or [rows, columns].</param>
    /// <param name="length">rows·columns.</param>
    public ItemMatrix(Buffer buffer, int length)
    {
        elements = buffer.DType == DType.Float64 ? (HostBuffer)buffer : Converted(buffer);
        stride = buffer.Length == length ? 0 : length;
    }

    /// <summary>That of an item.</summary>
    public double* Of(int item) => (double*)elements.Pointer + ((long)item * stride);

    private static HostBuffer Converted(Buffer buffer)
    {
        var converted = (HostBuffer)Device.Cpu.Backend.Allocate(DType.Float64, buffer.Length);
        converted.Write<double>(Elements.ToDoubles(buffer));
        return converted;
    }
}
