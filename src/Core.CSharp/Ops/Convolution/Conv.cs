using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// Convolution over the last axes (as usual in networks: cross-correlation, the kernel is not flipped):
    /// <c>y[…, o, p] = Σ_c Σ_i weight[o, c, i] · x[…, c, p·stride + i·dilation − padding]</c>, over one, two or more spatial axes p.
    /// </summary>
    /// <param name="x">[…, channels, spatial…], the batch first, then channels, as in PyTorch and DiffSharp.</param>
    /// <param name="weight">[outputs, channels / groups, kernel…]: as many kernel extents as there are spatial axes.</param>
    /// <param name="stride">Places from a window to the next: one number for all spatial axes, or one for each; 1 if null.</param>
    /// <param name="padding">Zeros in front of and behind each spatial axis; 0 if null.</param>
    /// <param name="dilation">Places from an element of the kernel to the next; 1 if null.</param>
    /// <param name="groups">
    /// Cuts channels and outputs into so many parts; each part of the outputs sees its part of the channels only.
    /// </param>
    /// <returns>[…, outputs, counts…] with counts ⌊(n + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.</returns>
    /// <exception cref="TensorException">The shapes do not fit each other, or the kernel does not fit the padded axes.</exception>
    public static Tensor Conv(
        Tensor x,
        Tensor weight,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null,
        IReadOnlyList<int>? dilation = null,
        int groups = 1
    )
    {
        int[] kernel = Filter.Kernel("conv", x, weight, groups);
        int[] batch = Filter.Batch(x, kernel);
        Filter.RequireChannels("conv", x, weight, batch.Length, weight.Shape[1] * groups);
        var sliding = Sliding.Of("conv", kernel, stride, padding, dilation);
        Tensor windows = sliding.Windows(x, fill: 0.0);
        Tensor rows = Filter.Matrices(weight, groups);
        int[] counts = [.. windows.Shape.Skip(windows.Rank - kernel.Length)];
        Tensor columns = Reshape(windows, [.. batch, groups, rows.Shape[-1], Shape.Of(counts).Length]);
        return Reshape(MatMul(rows, columns), [.. batch, weight.Shape[0], .. counts]);
    }

    /// <summary>
    /// The transpose of <see cref="Conv"/> by x: it spreads each element over a window, as
    /// <c>y[…, o, p·stride + i·dilation − padding] += Σ_c weight[c, o, i] · x[…, c, p]</c>. Also called fractionally strided convolution.
    /// </summary>
    /// <param name="x">[…, channels, spatial…], the batch first, then channels.</param>
    /// <param name="weight">[channels, outputs / groups, kernel…]: the weight of the convolution from outputs to channels.</param>
    /// <param name="stride">As in <see cref="Conv"/>: places of the result from an element's window to the next one's.</param>
    /// <param name="padding">Places cut off in front of and behind each spatial axis of the result; 0 if null.</param>
    /// <param name="dilation">As in <see cref="Conv"/>.</param>
    /// <param name="groups">As in <see cref="Conv"/>.</param>
    /// <param name="outputPadding">
    /// Places of the result behind the last window, less than the stride: with a stride, convolutions of several extents give the same one,
    /// and this tells them apart; 0 if null.
    /// </param>
    /// <returns>
    /// […, outputs, extents…] with extents (n − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1.
    /// </returns>
    /// <exception cref="TensorException">The shapes do not fit each other, or nothing is left inside the padding.</exception>
    public static Tensor ConvTranspose(
        Tensor x,
        Tensor weight,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null,
        IReadOnlyList<int>? dilation = null,
        int groups = 1,
        IReadOnlyList<int>? outputPadding = null
    )
    {
        int[] kernel = Filter.Kernel("convTranspose", x, weight, groups);
        int[] batch = Filter.Batch(x, kernel);
        Filter.RequireChannels("convTranspose", x, weight, batch.Length, weight.Shape[0]);
        var sliding = Sliding.Of("convTranspose", kernel, stride, padding, dilation);
        int[] rest = Sliding.PerAxis("convTranspose", "outputPadding", outputPadding ?? [0], kernel.Length, least: 0);
        for (int axis = 0; axis < rest.Length; axis++)
            Throw.Unless(
                rest[axis] < sliding.Stride[axis],
                "convTranspose",
                "outputPadding must be less than the stride",
                $"{rest[axis]} for stride {sliding.Stride[axis]}"
            );
        Tensor rows = Filter.Matrices(weight, groups);
        int[] counts = [.. x.Shape.Skip(x.Rank - kernel.Length)];
        Tensor columns = Reshape(x, [.. batch, groups, rows.Shape[1], Shape.Of(counts).Length]);
        Tensor windows = Reshape(MatMul(rows.T, columns), [.. batch, weight.Shape[1] * groups, .. kernel, .. counts]);
        return sliding.OverlapAdd(windows, rest);
    }
}
