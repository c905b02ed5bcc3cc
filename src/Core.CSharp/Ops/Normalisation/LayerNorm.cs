using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// Layer normalisation: each item is moved and scaled to mean 0 and variance 1 over its last axes,
    /// <c>(x − mean) / √(variance + ε)</c>. Multiply by a scale and add a shift to learn others.
    /// </summary>
    /// <param name="x">[…, features…], floating-point.</param>
    /// <param name="axes">How many of the last axes an item has.</param>
    /// <param name="epsilon">What keeps the derivative finite where all elements are equal, in units of the variance; positive.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">There are not so many axes, or nothing along them, or epsilon is not positive.</exception>
    /// <remarks>J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization" (2016), equations 3 and 4.</remarks>
    public static Tensor LayerNorm(Tensor x, int axes = 1, double epsilon = 1e-5)
    {
        Throw.Unless(
            axes >= 1 && axes <= x.Rank,
            "layerNorm",
            "the number of last axes must be from 1 to the rank",
            $"{axes} for {x.Type}"
        );
        return Standardised("layerNorm", x, [.. Enumerable.Range(x.Rank - axes, axes)], epsilon);
    }

    /// <summary>
    /// Group normalisation: the channels of each item are cut into groups, and each group is moved and scaled to mean 0 and variance 1 over its
    /// channels and places. One group is layer normalisation of the item; as many groups as channels are instance normalisation.
    /// </summary>
    /// <param name="x">[batch, channels, spatial…], floating-point.</param>
    /// <param name="groups">Divides the channels.</param>
    /// <param name="epsilon">What keeps the derivative finite where all elements are equal, in units of the variance; positive.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The groups do not divide the channels, or a group is empty, or epsilon is not positive.</exception>
    /// <remarks>Y. Wu, K. He, "Group normalization" (2018), equations 1, 2 and 7.</remarks>
    public static Tensor GroupNorm(Tensor x, int groups, double epsilon = 1e-5)
    {
        Throw.Unless(x.Rank >= 2, "groupNorm", "the input must have a batch axis and one of channels", $"{x.Type}");
        Throw.Unless(
            groups >= 1 && x.Shape[1] % groups == 0,
            "groupNorm",
            "the groups must divide the channels",
            $"{groups} groups and {x.Type}"
        );
        int[] grouped = [x.Shape[0], groups, x.Shape[1] / groups, .. x.Shape.Skip(2)];
        int[] axes = [.. Enumerable.Range(2, grouped.Length - 2)];
        return Reshape(Standardised("groupNorm", Reshape(x, grouped), axes, epsilon), x.Shape);
    }

    private static Tensor Standardised(string op, Tensor x, int[] axes, double epsilon)
    {
        Throw.Unless(epsilon > 0.0, op, "epsilon must be positive", $"{epsilon}");
        double count = Count(op, x, axes);
        Tensor centred = x - (Sum(x, keepDims: true, axes) / count);
        return centred / Sqrt((Sum(centred * centred, keepDims: true, axes) / count) + epsilon);
    }
}
