namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The mean of (x − mean)² along axes, which are then gone; along all of them if none is named. It divides by the number of elements n, not n − 1.
    /// </summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not floating-point.</exception>
    public static Tensor Variance(Tensor x, params ReadOnlySpan<int> axes) => Variance("variance", x, axes);

    /// <inheritdoc cref="Variance(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor Variance(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(Variance(x, axes), x, keepDims, axes);

    /// <summary>
    /// The square root of <see cref="Variance(Tensor, ReadOnlySpan{int})"/>. Its derivative is taken as 0 where all elements are equal.
    /// </summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not floating-point.</exception>
    public static Tensor StandardDeviation(Tensor x, params ReadOnlySpan<int> axes) =>
        RootOfSquares("standardDeviation", Variance("standardDeviation", x, axes));

    /// <inheritdoc cref="StandardDeviation(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor StandardDeviation(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(StandardDeviation(x, axes), x, keepDims, axes);

    private static Tensor Variance(string op, Tensor x, ReadOnlySpan<int> axes)
    {
        double count = Count(op, x, axes);
        return Sumsq(x - Mean(x, keepDims: true, axes), axes) / count;
    }
}
