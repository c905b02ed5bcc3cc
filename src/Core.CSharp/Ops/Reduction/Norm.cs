using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The Euclidean norm √Σx² along axes, which are then gone; along all of them if none is named: for a matrix its Frobenius norm. The derivative is
    /// x/‖x‖, and taken as 0 where x = 0.
    /// </summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or the elements are not floating-point.</exception>
    public static Tensor Norm(Tensor x, params ReadOnlySpan<int> axes) => RootOfSquares("norm", Sumsq("norm", x, axes));

    /// <inheritdoc cref="Norm(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor Norm(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(Norm(x, axes), x, keepDims, axes);

    /// <summary>The sum norm Σ|x| along axes, which are then gone; along all of them if none is named.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or the elements are not numbers.</exception>
    public static Tensor SumNorm(Tensor x, params ReadOnlySpan<int> axes) =>
        SumFor("sumNorm", Magnitudes("sumNorm", x), axes);

    /// <summary>The maximum norm max|x|, of nothing 0, along axes, which are then gone; along all of them if none is named.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or the elements are not numbers.</exception>
    public static Tensor MaxNorm(Tensor x, params ReadOnlySpan<int> axes)
    {
        Tensor magnitudes = Magnitudes("maxNorm", x);
        return x.Length == 0
            ? SumFor("maxNorm", magnitudes, axes)
            : Apply(new MaxOp(Along("maxNorm", magnitudes, axes)), magnitudes);
    }

    private static Tensor Magnitudes(string op, Tensor x)
    {
        Arithmetic.Numeric(op, x.DType);
        return Abs(x);
    }

    // The inner selection keeps ∞·0 out of the derivative at 0, the outer one makes it 0.
    private static Tensor RootOfSquares(string op, Tensor squares)
    {
        Arithmetic.Float(op, squares.DType);
        Tensor isZero = Equal(squares, 0.0);
        return Where(isZero, 0.0, Sqrt(Where(isZero, 1.0, squares)));
    }
}
