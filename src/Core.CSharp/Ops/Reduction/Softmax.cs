using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>eˣ / Σ eˣ along an axis: positive weights whose sum is 1. It cannot overflow.</summary>
    /// <param name="x">Rank 1 or more, floating-point.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not floating-point.</exception>
    public static Tensor Softmax(Tensor x, int axis = -1)
    {
        Tensor weights = Exp(BelowLargest("softmax", x, axis));
        return weights / Sum(weights, keepDims: true, axis);
    }

    /// <summary>x − log Σ eˣ along an axis: the logarithm of <see cref="Softmax"/>, without its loss of accuracy.</summary>
    /// <param name="x">Rank 1 or more, floating-point.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not floating-point.</exception>
    public static Tensor LogSoftmax(Tensor x, int axis = -1)
    {
        Tensor shifted = BelowLargest("logSoftmax", x, axis);
        return shifted - Log(Sum(Exp(shifted), keepDims: true, axis));
    }

    /// <summary>x less its largest element along an axis, which no derivative sees: it cancels in what is made of it.</summary>
    private static Tensor BelowLargest(string op, Tensor x, int axis)
    {
        Arithmetic.Float(op, x.DType);
        axis = Axes.Normalise(op, axis, x.Rank);
        Throw.Unless(x.Shape[axis] > 0, op, "there must be an element along the axis", $"{x.Type} and axis {axis}");
        return x - StopGradient(Max(x, keepDims: true, axis));
    }
}
