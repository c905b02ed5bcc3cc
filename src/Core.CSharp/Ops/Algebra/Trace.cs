using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The sum of the main diagonal of matrices.</summary>
    /// <param name="x">[…, n, m].</param>
    /// <returns>[…].</returns>
    /// <exception cref="TensorException">There are fewer than two axes.</exception>
    public static Tensor Trace(Tensor x)
    {
        Throw.Unless(x.Rank >= 2, "trace", "the tensor must have at least two axes", $"{x.Type}");
        return Sum(Diagonal(x), -1);
    }
}
