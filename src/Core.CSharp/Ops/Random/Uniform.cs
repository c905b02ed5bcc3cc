using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Random numbers, uniform on [0, 1): 0 may occur, 1 never does.</summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="dtype">A floating-point type.</param>
    public static Tensor Uniform(RandomKey key, Shape shape, DType dtype = DType.Float64) =>
        Draw(Distribution.Uniform, key.Value, shape, dtype);

    /// <summary>Random numbers, uniform between two bounds, by which the result may be differentiated.</summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="low">The lower bound, which broadcasts to the shape.</param>
    /// <param name="high">The upper bound, which broadcasts to the shape; it occurs only by rounding.</param>
    /// <param name="dtype">A floating-point type.</param>
    /// <exception cref="TensorException">
    /// A bound does not broadcast to the shape, or is of another element type, or plain numbers are given of which the lower is above the upper.
    /// </exception>
    public static Tensor Uniform(RandomKey key, Shape shape, Tensor low, Tensor high, DType dtype = DType.Float64)
    {
        RequireAscending("uniform", low, high);
        RequireRange(low, high, dtype);
        Tensor from = Scale("uniform", "lower bound", low, shape, dtype);
        Tensor to = Scale("uniform", "upper bound", high, shape, dtype);
        return from + ((to - from) * Uniform(key, shape, dtype));
    }

    /// <summary>Checks the distance of bounds that are plain numbers.</summary>
    private static void RequireRange(Tensor low, Tensor high, DType dtype)
    {
        double largest = dtype == DType.Float32 ? float.MaxValue : double.MaxValue;
        if (
            low.Op is LiteralOp { Number: double from }
            && high.Op is LiteralOp { Number: double to }
            && !(to - from <= largest)
        )
            Throw.Error("uniform", $"the bounds must be no further apart than {largest}", $"{from} and {to}");
    }
}
