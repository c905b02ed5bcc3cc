using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Cuts an axis into parts of equal extent.</summary>
    /// <param name="x">Any shape whose extent at the axis the number of parts divides.</param>
    /// <param name="parts">How many.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <exception cref="TensorException">The number of parts does not divide the extent.</exception>
    public static Tensor[] Split(Tensor x, int parts, int axis = 0)
    {
        int extent = x.Shape[Axes.Normalise("split", axis, x.Rank)];
        Throw.Unless(
            parts > 0 && extent % parts == 0,
            "split",
            $"the number of parts must divide the extent {extent} of axis {axis}",
            $"{parts}"
        );
        int[] sizes = new int[parts];
        Array.Fill(sizes, extent / parts);
        return Split(x, sizes, axis);
    }

    /// <summary>Cuts an axis into parts of given extents.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="sizes">Extents whose sum is the axis's.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <exception cref="TensorException">The sizes do not add up to the extent, or one is negative.</exception>
    public static Tensor[] Split(Tensor x, int[] sizes, int axis = 0)
    {
        int extent = x.Shape[Axes.Normalise("split", axis, x.Rank)];
        Throw.Unless(
            sizes.Sum() == extent && Array.TrueForAll(sizes, size => size >= 0),
            "split",
            $"the sizes must be non-negative and add up to the extent {extent} of axis {axis}",
            $"[{string.Join(", ", sizes)}]"
        );
        var parts = new Tensor[sizes.Length];
        int start = 0;
        for (int i = 0; i < parts.Length; start += sizes[i++])
            parts[i] = Slice(x, axis, start, start + sizes[i]);
        return parts;
    }

    /// <summary>Cuts an axis into its places; the axis is gone.</summary>
    /// <param name="x">Rank 1 or more.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>As many tensors as the extent of the axis.</returns>
    public static Tensor[] Unstack(Tensor x, int axis = 0)
    {
        var items = new Tensor[x.Shape[Axes.Normalise("unstack", axis, x.Rank)]];
        for (int i = 0; i < items.Length; i++)
            items[i] = Index(x, axis, i);
        return items;
    }

    /// <summary>Moves the places of an axis round: place i goes to i + shift, and what leaves at one end comes in at the other.</summary>
    /// <param name="x">Rank 1 or more.</param>
    /// <param name="shift">How far; negative moves towards the front.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    public static Tensor Roll(Tensor x, int shift, int axis = 0)
    {
        int extent = x.Shape[Axes.Normalise("roll", axis, x.Rank)];
        int cut = extent == 0 ? 0 : (((-shift % extent) + extent) % extent);
        return cut == 0 ? x : Concat([Slice(x, axis, cut), Slice(x, axis, 0, cut)], axis);
    }
}
