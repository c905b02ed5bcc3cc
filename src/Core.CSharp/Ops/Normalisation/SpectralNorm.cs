using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The spectral norm of a matrix: its largest singular value, by which it stretches a vector at most.</summary>
    /// <param name="a">[…, m, n], floating-point, not empty.</param>
    /// <returns>[…].</returns>
    /// <exception cref="TensorException">The operand is not a floating-point matrix, or is empty.</exception>
    /// <remarks>
    /// By the singular value decomposition. The derivative is u·vᵀ of the singular vectors; the second derivative asks that all singular
    /// values differ.
    /// </remarks>
    public static Tensor SpectralNorm(Tensor a)
    {
        Throw.Unless(
            a.Rank >= 2 && a.Length > 0,
            "spectralNorm",
            "the operand must be a matrix, not empty",
            $"{a.Type}"
        );
        Arithmetic.Float("spectralNorm", a.DType);
        return Index(Svd(a).S, -1, 0);
    }

    /// <summary>
    /// The spectral norm of a matrix as power iteration estimates it, from below, with the vector to begin from next time: when a matrix changes
    /// little between calls, one step each is enough.
    /// </summary>
    /// <param name="a">[m, n], floating-point.</param>
    /// <param name="u">[m]: the vector of the call before, or any to begin with; its length does not count.</param>
    /// <param name="steps">How often to multiply by Aᵀ and A, at least once.</param>
    /// <returns>The estimate, a scalar, and the left vector [m] of length 1.</returns>
    /// <exception cref="TensorException">The shapes do not fit, or there is no step.</exception>
    /// <remarks>
    /// T. Miyato et al., "Spectral normalization for generative adversarial networks" (2018), algorithm 1. There the vectors are
    /// constants; here the estimate is differentiated as it was computed, which is the same once the vectors have converged.
    /// </remarks>
    public static (Tensor Norm, Tensor U) SpectralNorm(Tensor a, Tensor u, int steps = 1)
    {
        Throw.Unless(
            a.Rank == 2 && u.Rank == 1 && u.Length == a.Shape[0],
            "spectralNorm",
            "the operands must be a matrix [m, n] and a vector [m]",
            $"{a.Type} and {u.Type}"
        );
        Arithmetic.Float("spectralNorm", a.DType);
        TensorType.RequireOneDType("spectralNorm", a.Type, u.Type);
        Throw.Unless(steps >= 1, "spectralNorm", "there must be at least one step", $"{steps}");
        Tensor image = u;
        for (int step = 0; step < steps; step++)
            image = MatMul(a, Unit(MatMul(image, a)));
        return (Norm(image), Unit(image));
    }

    /// <summary>The vector at length 1; no length can be given to 0, which stays.</summary>
    private static Tensor Unit(Tensor x)
    {
        Tensor norm = Norm(x);
        return x / Where(Equal(norm, 0.0), 1.0, norm);
    }
}
