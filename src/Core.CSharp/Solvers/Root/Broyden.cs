using Implicit.Control;
using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Solvers;

namespace Implicit;

/// <summary>
/// Broyden's first method with limited memory: J⁻¹ ≈ −σ·(I + uₖsₖᵀ)…(I + u₀s₀ᵀ) is made to map the last change of F to that of z
/// (C. Broyden, Math. Comp. 19 (1965)). Steps s are whole, so uₖ is a multiple of the step that follows, and an update needs one vector, not two
/// (C. T. Kelley, Iterative Methods for Linear and Nonlinear Equations, 1995, section 7.3).
/// </summary>
/// <remarks>
/// The scale σ starts as 1, or smaller if that step would be longer than z (or 1), and is then fitted to the first change, −⟨Δz, ΔF⟩/⟨ΔF, ΔF⟩
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

    internal override int UnreadAtStart => Memory - 1;

    /// <inheritdoc/>
    public override Tensor[] Init(Equation equation, Tensor z, Tensor residual)
    {
        Tensor size = Tensor.Norm(z) / Math.Sqrt(z.Length);
        Tensor step = Tensor.Norm(residual) / Math.Sqrt(z.Length);
        Tensor longest = Tensor.Maximum(size, 1.0);
        Tensor scale = Tensor.Where(Tensor.Greater(step, longest), longest / Tensor.Maximum(step, longest), 1.0);
        Tensor numbers = Tensor.Concat(
            [Tensor.Zeros([1]), Tensor.Unsqueeze(Tensor.Cast(scale, DType.Float64), 0), Tensor.Zeros([Memory - 1])],
            0
        );
        return [residual, numbers, .. Enumerable.Repeat(Tensor.Zeros([z.Length], z.DType), Memory + 1)];
    }

    /// <inheritdoc/>
    /// <remarks>Steps are tensors of their own, the newest first, so that those which grow older are moved, not copied.</remarks>
    public override (Tensor Next, Tensor[] Memory) Step(Equation equation, Tensor z, Tensor residual, Tensor[] memory)
    {
        Tensor[] inputs = [z, residual, .. memory];
        var loop = new BroydenLoop(z.Length, Memory, Vanishing, 16 * Matrices.Rounding(z.DType));
        var meaning = Function.TraceClosed("broyden", Tensor.Types(inputs), all => Meaning(all, loop));
        Tensor[] made = Tensor.ApplyMany(new FusedOp(meaning, loop), inputs);
        return (
            made[BroydenLoop.Output.Iterate],
            [
                residual,
                made[BroydenLoop.Output.Numbers],
                made[BroydenLoop.Output.First],
                made[BroydenLoop.Output.Step],
                .. memory[3..^1],
            ]
        );
    }

    /// <summary>What <see cref="BroydenLoop"/> computes; numbers and products are float64, whatever the vectors are.</summary>
    private Tensor[] Meaning(Tensor[] all, BroydenLoop loop)
    {
        Tensor z = all[BroydenLoop.Input.Iterate];
        Tensor residual = all[BroydenLoop.Input.Residual];
        Tensor change = residual - all[BroydenLoop.Input.ResidualBefore];
        Tensor numbers = all[BroydenLoop.Input.Numbers];
        Tensor first = all[BroydenLoop.Input.First];
        Tensor[] steps = all[BroydenLoop.Input.Steps..];
        Tensor count = Tensor.Where(Number(0) >= (double)Memory, 0.0, Number(0));
        Tensor isBeginning = Tensor.Equal(count, 0.0);
        Tensor scale = Fitted(Number(1), isBeginning, steps[0], change);
        Tensor nothing = Tensor.ZerosLike(z);
        Tensor image = -Times(scale, residual);
        for (int i = Memory - 1; i > 0; i--)
        {
            // What is not in force may be anything.
            Tensor isInForce = Tensor.GreaterOrEqual(count, (double)i);
            Tensor right = Tensor.Where(isInForce, steps[i], nothing);
            Tensor then = Tensor.Where(Tensor.Equal(count, (double)i), first, steps[i - 1]);
            Tensor weight = Number(BroydenLoop.FirstFactor + i - 1) * Product(right, image);
            image += Times(weight, Tensor.Where(isInForce, then, nothing));
        }
        Tensor last = steps[0];
        Tensor ofChange = Tensor.Where(isBeginning, -Times(scale, change), image + last);
        Tensor square = Product(last, last);
        Tensor denominator = Product(last, ofChange);
        Tensor least = Tensor.Maximum(
            Vanishing * Size(last) * Size(ofChange),
            Tensor.Where(isBeginning, 0.0, loop.Rounding * square)
        );
        Tensor isSound = Tensor.Greater(Tensor.Abs(denominator), least);
        Tensor factor = Tensor.Where(isSound, 1.0 / Tensor.Where(isSound, square, 1.0), 0.0);
        Tensor length = Tensor.Where(isSound, square / Tensor.Where(isSound, denominator, 1.0), 0.0);
        Tensor following = Times(length, last - ofChange);
        Tensor step = -(image + Times(factor * Product(last, image), following));
        Tensor grows = Tensor.Or(isSound, Tensor.Not(isBeginning));
        Tensor[] kept =
        [
            Tensor.Where(grows, count + 1.0, count),
            scale,
            factor,
            .. Enumerable.Range(BroydenLoop.FirstFactor, Memory).Select(Number),
        ];
        return [z + step, step, Tensor.Where(isBeginning, following, first), Tensor.Stack(kept[..loop.Numbers])];

        Tensor Number(int place) => place < loop.Numbers ? Tensor.Index(numbers, 0, place) : Tensor.Scalar(0.0);
    }

    /// <summary>The scale that fits the last change, at a beginning; otherwise as it was.</summary>
    private static Tensor Fitted(Tensor scale, Tensor isBeginning, Tensor move, Tensor change)
    {
        Tensor square = Product(change, change);
        Tensor product = Product(move, change);
        Tensor isFitted = Tensor.And(
            isBeginning,
            Tensor.Greater(Tensor.Abs(product), Vanishing * Size(move) * Size(change))
        );
        return Tensor.Where(isFitted, -product / Tensor.Where(isFitted, square, 1.0), scale);
    }

    private static Tensor Product(Tensor a, Tensor b) =>
        Tensor.Dot(Tensor.Cast(a, DType.Float64), Tensor.Cast(b, DType.Float64));

    private static Tensor Size(Tensor a) => Tensor.Norm(Tensor.Cast(a, DType.Float64));

    private static Tensor Times(Tensor number, Tensor vector) => Tensor.Cast(number, vector.DType) * vector;
}
