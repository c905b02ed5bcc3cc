namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Unit vectors: 1 at the place that an index names, 0 elsewhere.</summary>
    /// <param name="indices">int64, any shape. An index outside 0 … count − 1 gives zeros.</param>
    /// <param name="count">The extent of the new last axis.</param>
    /// <param name="dtype">The element type of the result.</param>
    /// <returns>The shape of the indices followed by count.</returns>
    /// <exception cref="TensorException">The indices are not int64.</exception>
    public static Tensor OneHot(Tensor indices, int count, DType dtype = DType.Float64)
    {
        RequireIndices("oneHot", indices.Type);
        return Cast(Equal(Unsqueeze(indices, -1), Arange(count)), dtype);
    }
}
