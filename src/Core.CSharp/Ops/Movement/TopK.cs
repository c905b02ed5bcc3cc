using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The k largest elements along the last axis, the largest first, with their places.</summary>
    /// <param name="x">Rank 1 or more, numbers; NaN comes last.</param>
    /// <param name="k">From 0 to the extent of the last axis.</param>
    /// <returns>The elements and their places, int64, both […, k].</returns>
    /// <exception cref="TensorException">k is out of its range, or x has no axis.</exception>
    public static (Tensor Values, Tensor Places) TopK(Tensor x, int k)
    {
        Arithmetic.Numeric("topK", x.DType);
        Throw.Unless(
            x.Rank > 0 && k >= 0 && k <= x.Shape[-1],
            "topK",
            "k must be between 0 and the extent of the last axis",
            $"{k} for {x.Type}"
        );
        Tensor places = Slice(Argsort(x, -1, descending: true), -1, 0, k);
        return (TakeAlongAxis(x, places, -1), places);
    }
}
