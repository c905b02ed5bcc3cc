using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// Broyden's first method with limited memory: J⁻¹ ≈ −s·I + Σ uᵢvᵢᵀ is made to map the last change of F to that of z
/// (C. Broyden, Math. Comp. 19 (1965); the update of the inverse: C. T. Kelley, Iterative Methods for Linear and Nonlinear Equations, 1995,
/// section 7.3).
/// </summary>
/// <remarks>
/// The scale s starts as 1, or smaller if that step would be longer than z (or 1), and is then fitted to the first change, −⟨Δz, ΔF⟩/⟨ΔF, ΔF⟩
/// (J. Barzilai and J. Borwein, IMA J. Numer. Anal. 8 (1988)); its sign follows. When the memory is full it begins again.
/// </remarks>
/// <param name="Memory">The most updates kept, 1 or more.</param>
public sealed record Broyden(int Memory = 20) : EquationMethod
{
    /// <summary>An update whose denominator is smaller than this, beside what it is made of, is left out.</summary>
    private const double Vanishing = 1e-8;

    /// <inheritdoc/>
    public override void Check(string solve) =>
        Throw.Unless(Memory >= 1, solve, "the memory must hold 1 or more updates", $"{Memory}");

    /// <inheritdoc/>
    public override Tensor[] Init(Equation equation, Tensor z, Tensor residual)
    {
        Tensor none = Tensor.Zeros([Memory, z.Length], z.DType);
        Tensor size = Tensor.Norm(z) / Math.Sqrt(z.Length);
        Tensor step = Tensor.Norm(residual) / Math.Sqrt(z.Length);
        Tensor longest = Tensor.Maximum(size, 1.0);
        Tensor scale = Tensor.Where(Tensor.Greater(step, longest), longest / Tensor.Maximum(step, longest), 1.0);
        return [z, residual, none, none, Tensor.Cast(Tensor.Scalar(0.0), z.DType), scale];
    }

    /// <inheritdoc/>
    public override (Tensor Next, Tensor[] Memory) Step(Equation equation, Tensor z, Tensor residual, Tensor[] memory)
    {
        (Tensor move, Tensor change) = (z - memory[0], residual - memory[1]);
        Tensor isFull = Tensor.Equal(memory[4], (double)Memory);
        Tensor count = Tensor.Where(isFull, 0.0, memory[4]);
        Tensor keep = Tensor.Where(isFull, 0.0, Tensor.OnesLike(memory[4]));
        (Tensor left, Tensor right) = (memory[2] * keep, memory[3] * keep);
        Tensor scale = Fitted(memory[5], count, move, change);
        Tensor image = Inverse(scale, left, right, change);
        Tensor row = Inverse(scale, right, left, move);
        Tensor denominator = Tensor.Dot(move, image);
        Tensor isSound = Tensor.Greater(Tensor.Abs(denominator), Vanishing * Tensor.Norm(move) * Tensor.Norm(image));
        Tensor place = Tensor.Unsqueeze(Tensor.Equal(Tensor.Arange(Memory), Tensor.Cast(count, DType.Int64)), 1);
        Tensor isHere = Tensor.And(place, isSound);
        left = Tensor.Where(isHere, (move - image) / Tensor.Where(isSound, denominator, 1.0), left);
        right = Tensor.Where(isHere, row, right);
        count = Tensor.Where(isSound, count + 1.0, count);
        return (z - Inverse(scale, left, right, residual), [z, residual, left, right, count, scale]);
    }

    /// <summary>(−s·I + Σ uᵢvᵢᵀ)·x.</summary>
    private static Tensor Inverse(Tensor scale, Tensor left, Tensor right, Tensor x) =>
        Tensor.MatMul(Tensor.MatMul(right, x), left) - (scale * x);

    /// <summary>The scale that fits the last change, at a beginning; otherwise as it was.</summary>
    private static Tensor Fitted(Tensor scale, Tensor count, Tensor move, Tensor change)
    {
        Tensor square = Tensor.Sumsq(change);
        Tensor product = Tensor.Dot(move, change);
        Tensor isBeginning = Tensor.And(
            Tensor.Equal(count, 0.0),
            Tensor.Greater(Tensor.Abs(product), Vanishing * Tensor.Norm(move) * Tensor.Norm(change))
        );
        return Tensor.Where(isBeginning, -product / Tensor.Where(isBeginning, square, 1.0), scale);
    }
}
