using Implicit.Runtime;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>A tensor with given elements.</summary>
    /// <param name="elements">The elements, row-major.</param>
    /// <param name="shape">A shape with as many elements.</param>
    /// <param name="dtype">The element type to store them in.</param>
    /// <exception cref="TensorException">
    /// The number of elements does not fit the shape, or one is no int64, where it is to be one.
    /// </exception>
    public static Tensor Of(ReadOnlySpan<double> elements, Shape shape, DType dtype = DType.Float64)
    {
        Throw.Unless(
            elements.Length == shape.Length,
            "tensor",
            "there must be as many elements as the shape has",
            $"{elements.Length} elements for {shape}"
        );
        Kernels.Buffer buffer = Device.Cpu.Backend.Allocate(dtype, elements.Length);
        switch (dtype)
        {
            case DType.Float64:
                buffer.Write(elements);
                break;
            case DType.Float32:
                buffer.Write<float>(Array.ConvertAll(elements.ToArray(), x => (float)x));
                break;
            case DType.Int64:
                foreach (double element in elements)
                    RequireHeld("tensor", element, dtype);
                buffer.Write<long>(Array.ConvertAll(elements.ToArray(), x => (long)x));
                break;
            case DType.Bool:
                buffer.Write<byte>(Array.ConvertAll(elements.ToArray(), x => x != 0.0 ? (byte)1 : (byte)0));
                break;
            default:
                Throw.Error("tensor", "the element type must be one with elements", dtype.Name);
                break;
        }
        return Data(buffer, shape);
    }

    /// <summary>A vector of float64.</summary>
    /// <param name="elements">The elements.</param>
    public static Tensor Of(params double[] elements)
    {
        Throw.IfMissing(elements, "tensor", "elements");
        return Of(elements, [elements.Length]);
    }

    /// <summary>A vector of float32.</summary>
    /// <param name="elements">The elements.</param>
    public static Tensor Of(float[] elements)
    {
        Throw.IfMissing(elements, "tensor", "elements");
        Kernels.Buffer buffer = Device.Cpu.Backend.Allocate(DType.Float32, elements.Length);
        buffer.Write<float>(elements);
        return Data(buffer, [elements.Length]);
    }

    /// <summary>A vector of int64.</summary>
    /// <param name="elements">The elements.</param>
    public static Tensor Of(long[] elements)
    {
        Throw.IfMissing(elements, "tensor", "elements");
        Kernels.Buffer buffer = Device.Cpu.Backend.Allocate(DType.Int64, elements.Length);
        buffer.Write<long>(elements);
        return Data(buffer, [elements.Length]);
    }

    /// <summary>A matrix of float64.</summary>
    /// <param name="elements">[rows, columns].</param>
    public static Tensor Of(double[,] elements)
    {
        Throw.IfMissing(elements, "tensor", "elements");
        return Of([.. elements.Cast<double>()], [elements.GetLength(0), elements.GetLength(1)]);
    }
}
