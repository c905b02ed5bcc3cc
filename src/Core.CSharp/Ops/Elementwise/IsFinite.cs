using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether x is a finite number, elementwise: neither infinite nor NaN.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>Truth values of the shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor IsFinite(Tensor x)
    {
        Arithmetic.Float("isFinite", x.DType);
        return Less(Abs(x), double.PositiveInfinity);
    }

    /// <summary>Whether x is infinite, of either sign, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>Truth values of the shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor IsInfinite(Tensor x)
    {
        Arithmetic.Float("isInfinite", x.DType);
        return Equal(Abs(x), double.PositiveInfinity);
    }

    /// <summary>x, and 0 at ±∞ and NaN: a factor of something that vanishes at ±∞ faster than x grows.</summary>
    private static Tensor ZeroUnlessFinite(Tensor x) => Where(IsFinite(x), x, 0.0);
}
