namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The Euclidean norm as by <see cref="Norm(Tensor, ReadOnlySpan{int})"/>, also where squares of elements leave the range of their type: in units of
    /// the largest element. It takes two passes.
    /// </summary>
    internal static Tensor ScaledNorm(Tensor x, params ReadOnlySpan<int> axes)
    {
        Tensor largest = MaxNorm(x, axes);
        // Zeros, infinities and NaN have no such unit, and stay what they are.
        Tensor isUnit = Greater(largest, 0.0) & Less(largest, double.PositiveInfinity);
        // The norm does not depend on it, so neither do derivatives.
        Tensor unit = StopGradient(Where(isUnit, largest, 1.0));
        return unit * Norm(x / Kept(unit, x, keepDims: true, axes), axes);
    }
}
