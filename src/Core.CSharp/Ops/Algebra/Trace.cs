namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The sum of the main diagonal of matrices.</summary>
    /// <param name="x">[…, n, m].</param>
    /// <returns>[…].</returns>
    /// <exception cref="TensorException">There are fewer than two axes.</exception>
    public static Tensor Trace(Tensor x) => Sum(Diagonal(x), -1);
}
