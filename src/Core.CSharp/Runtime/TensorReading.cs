using System.Numerics;
using Implicit.Runtime;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The one element of a tensor of length 1 as a float64.</summary>
    /// <param name="x">A tensor with one element.</param>
    public static explicit operator double(Tensor x) => Number(x);

    /// <summary>The one element of a tensor of length 1 as a float32.</summary>
    /// <param name="x">A tensor with one element.</param>
    public static explicit operator float(Tensor x) => (float)Number(x);

    /// <summary>The one element of a tensor of length 1 as an integer, truncated towards zero.</summary>
    /// <param name="x">A tensor with one element.</param>
    /// <exception cref="TensorException">It is no integer of 32 bits: too large, or NaN.</exception>
    public static explicit operator int(Tensor x)
    {
        double number = Math.Truncate(Number(x));
        Throw.Unless(
            number is >= int.MinValue and <= int.MaxValue,
            "toInt",
            "the element must be within the range of an integer of 32 bits",
            $"{number}"
        );
        return (int)number;
    }

    /// <summary>The one element of a tensor of length 1 as a truth value: whether it is not zero.</summary>
    /// <param name="x">A tensor with one element.</param>
    public static explicit operator bool(Tensor x) => Number(x) != 0.0;

    private static double Number(Tensor x)
    {
        Throw.IfMissing(x, "toDouble", "the tensor");
        return x.ToDouble();
    }

    /// <summary>The one element as a float64.</summary>
    /// <returns>The number; true is 1.</returns>
    /// <exception cref="TensorException">There is not exactly one element, or the value is read while tracing.</exception>
    public double ToDouble()
    {
        Throw.Unless(Length == 1, "toDouble", "the tensor must have one element", $"{Type}");
        return DType.IsFloat ? Reading.Force(this).Number : ToArray()[0];
    }

    /// <summary>All elements, row-major, as float64.</summary>
    /// <returns>A new array of <see cref="Length"/> numbers; true is 1.</returns>
    /// <exception cref="TensorException">The value is read while tracing.</exception>
    public double[] ToArray() => ToArray<double>();

    /// <summary>
    /// All elements, row-major, converted to a number type. A whole number gets no fraction, and what it cannot hold becomes the nearest that it can; of NaN
    /// it becomes 0.
    /// </summary>
    /// <typeparam name="T">The type of the elements of the array.</typeparam>
    /// <returns>A new array of <see cref="Length"/> numbers.</returns>
    /// <exception cref="TensorException">The value is read while tracing.</exception>
    public T[] ToArray<T>()
        where T : unmanaged, INumberBase<T>
    {
        Kernels.Buffer elements = Reading.Force(this);
        T[] array = DType switch
        {
            DType.Float64 => Convert<double, T>(elements),
            DType.Float32 => Convert<float, T>(elements),
            DType.Int64 => Convert<long, T>(elements),
            _ => Convert<byte, T>(elements),
        };
        GC.KeepAlive(elements);
        return array;
    }

    private static T[] Convert<TFrom, T>(Kernels.Buffer elements)
        where TFrom : unmanaged, INumberBase<TFrom>
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<TFrom> from = elements.Read<TFrom>();
        var to = new T[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = T.CreateSaturating(from[i]);
        return to;
    }
}
