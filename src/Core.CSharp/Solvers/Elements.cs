using System.Numerics;
using System.Runtime.CompilerServices;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// What drivers do with elements themselves: copy them, read a scalar, look for what is not finite. A buffer is kept until it was read, also where the
/// caller has no more use for it.
/// </summary>
internal static class Elements
{
    public static Buffer Copy(Buffer source) => Hosting.Copy(source, 0, source.Length);

    /// <summary>One row of memory with a leading axis.</summary>
    public static Buffer Row(Buffer source, int row, int length) => Hosting.Copy(source, row * length, length);

    public static Buffer[] Copies(ReadOnlySpan<Buffer> sources)
    {
        var copies = new Buffer[sources.Length];
        for (int i = 0; i < copies.Length; i++)
            copies[i] = Copy(sources[i]);
        return copies;
    }

    public static void Copy(ReadOnlySpan<Buffer> sources, ReadOnlySpan<Buffer?> targets)
    {
        for (int i = 0; i < targets.Length; i++)
            targets[i]!.CopyFrom(sources[i], 0, 0, sources[i].Length);
    }

    /// <summary>Copies one row of arrays with a leading axis.</summary>
    public static void CopyRow(ReadOnlySpan<Buffer> sources, int row, ReadOnlySpan<Buffer> targets)
    {
        for (int i = 0; i < targets.Length; i++)
            targets[i].CopyFrom(sources[i], row * targets[i].Length, 0, targets[i].Length);
    }

    /// <summary>Copies arrays into row number <paramref name="row"/> of each of the targets.</summary>
    public static void WriteRow(ReadOnlySpan<Buffer> sources, int row, ReadOnlySpan<Buffer?> targets)
    {
        for (int i = 0; i < sources.Length; i++)
            targets[i]!.CopyFrom(sources[i], 0, row * sources[i].Length, sources[i].Length);
    }

    /// <summary>Memory for values of given types, zeroed.</summary>
    public static Buffer[] Zeros(ReadOnlySpan<TensorType> types)
    {
        var zeros = new Buffer[types.Length];
        for (int i = 0; i < zeros.Length; i++)
        {
            zeros[i] = Device.Cpu.Backend.Allocate(types[i].DType, types[i].Shape.Length);
            zeros[i].Clear();
        }
        return zeros;
    }

    /// <summary>Replaces some elements, converted to the buffer's type.</summary>
    public static void Write(Buffer buffer, int start, ReadOnlySpan<double> values)
    {
        if (buffer.DType != DType.Float32)
        {
            buffer.Write(values, start);
            return;
        }
        Span<float> rounded = stackalloc float[Math.Min(values.Length, 256)];
        while (!values.IsEmpty)
        {
            Span<float> part = rounded[..Math.Min(values.Length, rounded.Length)];
            for (int i = 0; i < part.Length; i++)
                part[i] = (float)values[i];
            buffer.Write<float>(part, start);
            start += part.Length;
            values = values[part.Length..];
        }
    }

    /// <summary>Replaces all elements, converted to the buffer's type.</summary>
    public static void Write(Buffer buffer, double[] values)
    {
        if (values.Length != buffer.Length)
            Throw.Error(
                "buffer",
                $"as many values as the buffer's {buffer.Length} must be written",
                $"{values.Length}"
            );
        Write(buffer, 0, values);
    }

    /// <summary>Makes some elements one value: from the first of them on, or all.</summary>
    public static void Fill(Buffer buffer, double value, int start = 0, int? count = null)
    {
        double[] values = new double[count ?? buffer.Length];
        Array.Fill(values, value);
        Write(buffer, start, values);
    }

    /// <summary>All elements as float64.</summary>
    public static void Read(Buffer buffer, Span<double> values) => Read(buffer, 0, values[..buffer.Length]);

    /// <summary>Some elements as float64, as many as there is room for.</summary>
    public static void Read(Buffer buffer, int start, Span<double> values)
    {
        if (buffer.DType == DType.Float32)
        {
            ReadOnlySpan<float> singles = buffer.Read<float>().Slice(start, values.Length);
            for (int i = 0; i < singles.Length; i++)
                values[i] = singles[i];
        }
        else
            buffer.Read<double>().Slice(start, values.Length).CopyTo(values);
        GC.KeepAlive(buffer);
    }

    /// <summary>One element as float64.</summary>
    public static double At(Buffer buffer, int place)
    {
        double element = buffer.DType == DType.Float32 ? buffer.Read<float>()[place] : buffer.Read<double>()[place];
        GC.KeepAlive(buffer);
        return element;
    }

    /// <summary>
    /// How far the elements of one are from the other's, the nearest and the farthest, in units of what is allowed relative to them and beside that.
    /// </summary>
    public static (double Least, double Most) Apart(Buffer one, Buffer other, double relative, double absolute)
    {
        (double Least, double Most) apart =
            one.DType == DType.Float32
                ? Apart(one.Read<float>(), other.Read<float>(), relative, absolute)
                : Apart(one.Read<double>(), other.Read<double>(), relative, absolute);
        GC.KeepAlive(one);
        GC.KeepAlive(other);
        return apart;
    }

    private static (double Least, double Most) Apart<T>(
        ReadOnlySpan<T> one,
        ReadOnlySpan<T> other,
        double relative,
        double absolute
    )
        where T : INumber<T>
    {
        (double least, double most) = (double.PositiveInfinity, 0.0);
        for (int i = 0; i < one.Length; i++)
        {
            double element = double.CreateTruncating(one[i]);
            double apart = double.CreateTruncating(other[i]) - element;
            apart = Math.Abs(apart) / (absolute + (relative * Math.Abs(element)));
            (least, most) = (Math.Min(least, apart), Math.Max(most, apart));
        }
        return (least, most);
    }

    public static bool AreFinite(Buffer buffer) => FirstNotFinite(buffer) < 0;

    /// <summary>The position of the first element that is NaN or infinite; −1 if there is none.</summary>
    public static int FirstNotFinite(Buffer buffer)
    {
        int first =
            buffer.DType == DType.Float32
                ? FirstNotFinite(buffer.Read<float>())
                : FirstNotFinite(buffer.Read<double>());
        GC.KeepAlive(buffer);
        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FirstNotFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        // x − x is zero unless x is NaN or infinite.
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var x = new Vector<T>(values[i..]);
            if (!Vector.EqualsAll(x - x, Vector<T>.Zero))
                break;
        }
        for (; i < values.Length; i++)
            if (!T.IsFinite(values[i]))
                return i;
        return -1;
    }

    /// <summary>The elements as float64.</summary>
    public static double[] ToDoubles(Buffer buffer) => ToDoubles(buffer, 0, buffer.Length);

    /// <summary>Some elements as float64.</summary>
    public static double[] ToDoubles(Buffer buffer, int start, int count)
    {
        double[] elements = buffer.DType switch
        {
            DType.Float32 => Converted(buffer.Read<float>().Slice(start, count)),
            DType.Int64 => Converted(buffer.Read<long>().Slice(start, count)),
            _ => buffer.Read<double>().Slice(start, count).ToArray(),
        };
        GC.KeepAlive(buffer);
        return elements;
    }

    private static double[] Converted<T>(ReadOnlySpan<T> values)
        where T : INumber<T>
    {
        double[] converted = new double[values.Length];
        for (int i = 0; i < converted.Length; i++)
            converted[i] = double.CreateTruncating(values[i]);
        return converted;
    }
}

/// <summary>One number in memory, as an argument or a result of compiled functions.</summary>
internal sealed class Cell(DType dtype)
{
    public Buffer Buffer { get; } = Device.Cpu.Backend.Allocate(dtype, 1);

    public double Value
    {
        get => Buffer.Number;
        set => Buffer.Number = value;
    }
}
