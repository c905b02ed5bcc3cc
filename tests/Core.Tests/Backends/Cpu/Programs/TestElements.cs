using Implicit.Backends;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>Elements of any type as float64, and back.</summary>
internal static class TestElements
{
    public static Buffer Buffer(IBackend backend, DType dtype, ReadOnlySpan<double> values)
    {
        Buffer buffer = backend.Allocate(dtype, values.Length);
        double[] copy = values.ToArray();
        if (dtype == DType.Float64)
            buffer.Write<double>(copy);
        else if (dtype == DType.Float32)
            buffer.Write<float>([.. copy.Select(v => (float)v)]);
        else if (dtype == DType.Int64)
            buffer.Write<long>([.. copy.Select(v => (long)v)]);
        else
            buffer.Write<byte>([.. copy.Select(v => (byte)(v != 0 ? 1 : 0))]);
        return buffer;
    }

    public static double[] Of(Buffer buffer)
    {
        double[] values = buffer.DType switch
        {
            DType.Float64 => buffer.Read<double>().ToArray(),
            DType.Float32 => [.. buffer.Read<float>().ToArray().Select(v => (double)v)],
            DType.Int64 => [.. buffer.Read<long>().ToArray().Select(v => (double)v)],
            _ => [.. buffer.Read<byte>().ToArray().Select(v => (double)v)],
        };
        GC.KeepAlive(buffer);
        return values;
    }
}
