using Implicit.Control;
using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Solvers;

namespace Implicit;

/// <summary>
/// Broyden's first method with limited memory: J⁻¹ ≈ −s·I + Σ uᵢvᵢᵀ is made to map the last change of F to that of z
/// (C. Broyden, Math. Comp. 19 (1965); the update of the inverse: C. T. Kelley, Iterative Methods for Linear and Nonlinear Equations, 1995,
/// section 7.3).
/// </summary>
/// <remarks>
/// The scale s starts as 1, or smaller if that step would be longer than z (or 1), and is then fitted to the first change, −⟨Δz, ΔF⟩/⟨ΔF, ΔF⟩
/// (J. Barzilai and J. Borwein, IMA J. Numer. Anal. 8 (1988)); its sign follows. When the memory is full it begins again; an update that is left out fills a place, too.
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
        Tensor[] none = [.. Enumerable.Repeat(Tensor.Zeros([z.Length], z.DType), 2 * (Memory - 1))];
        Tensor size = Tensor.Norm(z) / Math.Sqrt(z.Length);
        Tensor step = Tensor.Norm(residual) / Math.Sqrt(z.Length);
        Tensor longest = Tensor.Maximum(size, 1.0);
        Tensor scale = Tensor.Where(Tensor.Greater(step, longest), longest / Tensor.Maximum(step, longest), 1.0);
        return [z, residual, Tensor.Cast(Tensor.Scalar(0.0), z.DType), scale, .. none];
    }

    /// <inheritdoc/>
    /// <remarks>Updates are tensors of their own, the newest first, so that those which grow older are moved, not copied.</remarks>
    public override (Tensor Next, Tensor[] Memory) Step(Equation equation, Tensor z, Tensor residual, Tensor[] memory)
    {
        Tensor[] inputs = [z, residual, .. memory];
        var meaning = Function.TraceClosed("broyden", Tensor.Types(inputs), Meaning);
        Tensor[] made = Tensor.ApplyMany(new FusedOp(meaning, new BroydenLoop(z.Length, Memory, Vanishing)), inputs);
        Tensor[] left = [made[3], .. memory[4..(Memory + 3)]];
        Tensor[] right = [made[4], .. memory[(Memory + 3)..]];
        return (made[0], [z, residual, made[1], made[2], .. left[..^1], .. right[..^1]]);
    }

    /// <summary>What <see cref="BroydenLoop"/> computes.</summary>
    private Tensor[] Meaning(Tensor[] all)
    {
        (Tensor z, Tensor residual) = (all[0], all[1]);
        (Tensor move, Tensor change) = (z - all[2], residual - all[3]);
        Tensor count = Tensor.Where(Tensor.GreaterOrEqual(all[4], (double)Memory), 0.0, all[4]);
        Tensor none = Tensor.Zeros([z.Length], z.DType);
        int first = BroydenLoop.FirstRow;
        Tensor isCounted = Tensor.Less(Tensor.Cast(Tensor.Arange(Memory), z.DType), count);
        Tensor keep = Tensor.Unsqueeze(Tensor.Cast(isCounted, z.DType), 1);
        Tensor left = Tensor.Stack([.. all[first..(first + Memory - 1)], none]) * keep;
        Tensor right = Tensor.Stack([.. all[(first + Memory - 1)..], none]) * keep;
        Tensor scale = Fitted(all[5], count, move, change);
        Tensor image = Inverse(scale, left, right, change);
        Tensor row = Inverse(scale, right, left, move);
        Tensor denominator = Tensor.Dot(move, image);
        Tensor isSound = Tensor.Greater(Tensor.Abs(denominator), Vanishing * Tensor.Norm(move) * Tensor.Norm(image));
        Tensor newLeft = Tensor.Where(isSound, (move - image) / Tensor.Where(isSound, denominator, 1.0), 0.0);
        Tensor newRight = Tensor.Where(isSound, row, 0.0);
        Tensor next = z - Inverse(scale, left, right, residual) - (Tensor.Dot(newRight, residual) * newLeft);
        Tensor grows = Tensor.Or(isSound, Tensor.Greater(count, 0.0));
        return [next, Tensor.Where(grows, count + 1.0, count), scale, newLeft, newRight];
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
