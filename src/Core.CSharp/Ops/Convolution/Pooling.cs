using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The largest element of each window over the last axes. Those that tie share the derivative equally.</summary>
    /// <param name="x">[…, spatial…], as [batch, channels, height, width].</param>
    /// <param name="size">The extents of the window, one for each spatial axis.</param>
    /// <param name="stride">Places from a window to the next: one number for all axes, or one for each; the size if null.</param>
    /// <param name="padding">Places of −∞ in front of and behind each axis, at most half the size; 0 if null.</param>
    /// <returns>[…, counts…] with counts ⌊(n + 2·padding − size) / stride⌋ + 1.</returns>
    /// <exception cref="TensorException">A window does not fit, the numbers make no sense, or the elements are not floating-point.</exception>
    public static Tensor MaxPool(
        Tensor x,
        IReadOnlyList<int> size,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null
    )
    {
        Sliding sliding = Sliding.OfPool("maxPool", x, size, stride, padding);
        Tensor windows = sliding.Windows(x, double.NegativeInfinity);
        return Max(windows, sliding.SizeAxes(windows));
    }

    /// <summary>The mean of each window over the last axes; padding counts as zeros.</summary>
    /// <param name="x">[…, spatial…], as [batch, channels, height, width].</param>
    /// <param name="size">The extents of the window, one for each spatial axis.</param>
    /// <param name="stride">Places from a window to the next: one number for all axes, or one for each; the size if null.</param>
    /// <param name="padding">Zeros in front of and behind each axis, at most half the size; 0 if null.</param>
    /// <returns>[…, counts…] with counts ⌊(n + 2·padding − size) / stride⌋ + 1.</returns>
    /// <exception cref="TensorException">A window does not fit, the numbers make no sense, or the elements are not floating-point.</exception>
    public static Tensor AvgPool(
        Tensor x,
        IReadOnlyList<int> size,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null
    )
    {
        Sliding sliding = Sliding.OfPool("avgPool", x, size, stride, padding);
        Tensor windows = sliding.Windows(x, fill: 0.0);
        return Mean(windows, sliding.SizeAxes(windows));
    }
}
