using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>The weight of a convolution as matrices, one for each group.</summary>
internal static class Filter
{
    /// <summary>[groups, rows / groups, columns and kernel], for a weight [rows, columns, kernel…].</summary>
    public static Tensor Matrices(Tensor weight, int groups) =>
        Tensor.Reshape(weight, [groups, weight.Shape[0] / groups, weight.Length / weight.Shape[0]]);

    /// <summary>The extents before the channels.</summary>
    public static int[] Batch(Tensor x, int[] kernel) => [.. x.Shape.Take(x.Rank - kernel.Length - 1)];

    /// <summary>The extents of the kernel, after checks of what convolution and its transpose demand alike.</summary>
    public static int[] Kernel(string op, Tensor x, Tensor weight, int groups)
    {
        Throw.Unless(
            weight.Rank >= 3 && weight.Length > 0,
            op,
            "the weight must have two axes of channels and at least one of the kernel, none empty",
            $"{weight.Type}"
        );
        Throw.Unless(
            x.Rank >= weight.Rank - 1,
            op,
            $"the input must have an axis of channels and {weight.Rank - 2} spatial ones for the weight {weight.Shape}",
            $"{x.Type}"
        );
        Throw.Unless(
            groups >= 1 && weight.Shape[0] % groups == 0,
            op,
            "groups must divide the first extent of the weight",
            $"{groups} groups and weight {weight.Type}"
        );
        TensorType.RequireOneDType(op, x.Type, weight.Type);
        return [.. weight.Shape.Skip(2)];
    }

    public static void RequireChannels(string op, Tensor x, Tensor weight, int axis, int channels) =>
        Throw.Unless(
            x.Shape[axis] == channels,
            op,
            $"axis {axis} of the input must have the {channels} channels that the weight is for",
            $"input {x.Type} and weight {weight.Type}"
        );
}
