using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Removes an axis of extent 1.</summary>
    /// <param name="x">A shape with extent 1 at the axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <exception cref="TensorException">The extent is not 1.</exception>
    public static Tensor Squeeze(Tensor x, int axis)
    {
        int at = Axes.Normalise("squeeze", axis, x.Rank);
        Throw.Unless(x.Shape[at] == 1, "squeeze", $"the extent of axis {axis} must be 1", $"{x.Shape}");
        return Reshape(x, x.Shape.Without(at));
    }

    /// <summary>Inserts an axis of extent 1.</summary>
    /// <param name="x">Rank n.</param>
    /// <param name="axis">Its place in the result, from −n − 1 to n.</param>
    public static Tensor Unsqueeze(Tensor x, int axis)
    {
        int at = Axes.Normalise("unsqueeze", axis, x.Rank + 1);
        return Reshape(x, (int[])[.. x.Shape.Span[..at], 1, .. x.Shape.Span[at..]]);
    }
}
