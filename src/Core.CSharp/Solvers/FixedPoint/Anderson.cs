using Implicit.Control;
using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Solvers;

namespace Implicit;

/// <summary>
/// Anderson acceleration: the next iterate combines the last ones so that the same combination of their residuals is least in norm
/// (D. Anderson, J. ACM 12 (1965); in the form of H. Walker and P. Ni, SIAM J. Numer. Anal. 49 (2011), equation 2.2). If only every p-th step
/// combines, those between are plain, z + βr (for linear systems P. Pratapa, P. Suryanarayana, J. Pask, J. Comput. Phys. 306 (2016) 43; for others
/// A. Banerjee, P. Suryanarayana, J. Pask, Chem. Phys. Lett. 647 (2016) 31).
/// </summary>
/// <remarks>
/// With the rows of ΔR and ΔG the last differences of residuals r and of images g = z + βr, the newest first, γ minimises ‖r − ΔRᵀγ‖ and the next
/// iterate is g − ΔGᵀγ. The rows of ΔR shrink with convergence by orders of magnitude, so they are first scaled to norm 1; the
/// regularisation is then relative to each of them. In the Cholesky factor of their Gram matrix a diagonal element is the sine of the angle
/// between a row and the newer ones: where its square is below √ε the row and all older ones are forgotten.
/// A plain step costs far less than one that combines, and what it leaves is what no combination of the last residuals tells. With p = 2 in place of 1 symmetric maps and those that
/// hardly contract (Jacobi's iteration, say) took 0.3 to 0.8 times as many evaluations, maps of few unknowns up to 1.25 times, and of maps that expand much fewer were solved.
/// </remarks>
/// <param name="Memory">m, the number of differences kept, 1 or more.</param>
/// <param name="Damping">β, above 0: how far to go along the combined residual.</param>
/// <param name="Regularisation">λ of the Gram matrix G + λ·diag(G); not negative. Rounding adds some.</param>
/// <param name="Period">p, 1 or more: every p-th step combines, the first ones being plain. 1, all of them, is Anderson's own method.</param>
public sealed record Anderson(int Memory = 5, double Damping = 1.0, double Regularisation = 0.0, int Period = 1)
    : EquationMethod
{
    /// <inheritdoc/>
    public override EquationMethod Damped(double damping) => this with { Damping = damping };

    /// <inheritdoc/>
    public override void Check(string solve)
    {
        Throw.Unless(Memory >= 1, solve, "the memory must hold 1 or more differences", $"{Memory}");
        Throw.Unless(Damping > 0.0, solve, "the damping must be positive", $"{Damping}");
        Throw.Unless(Regularisation >= 0.0, solve, "the regularisation must not be negative", $"{Regularisation}");
        Throw.Unless(Period >= 1, solve, "the period must be 1 step or more", $"{Period}");
    }

    internal override int StepsPerTurn => Period;

    internal override int UnreadAtStart => 2 * (Memory - 1);

    /// <inheritdoc/>
    public override Tensor[] Init(Equation equation, Tensor z, Tensor residual)
    {
        Tensor[] none = [.. Enumerable.Repeat(Tensor.Zeros([z.Length], z.DType), 2 * (Memory - 1))];
        return [Tensor.Zeros([Memory, Memory]), z + (Damping * residual), residual, .. none];
    }

    /// <inheritdoc/>
    /// <remarks>A step that combines. Whoever takes no other takes those of period 1.</remarks>
    public override (Tensor Next, Tensor[] Memory) Step(
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    ) => Combined(z, residual, memory, 1);

    internal override (Tensor Next, Tensor[] Memory) StepOfTurn(
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    ) => Combined(z, residual, LeavesImage ? [memory[0], z, .. memory[2..]] : memory, Math.Min(Period, Memory));

    internal override (Tensor Next, Tensor[] Memory) StepBetween(
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    )
    {
        Tensor image = z + (Damping * residual);
        return (image, [memory[0], LeavesImage ? memory[^2] : image, residual, .. memory[1..^2]]);
    }

    /// <summary>
    /// Whether a plain step leaves its image, which is the next iterate, to the step after it, which combines and moves the iterate to the place of the
    /// image. In that place, so that nothing is copied, stands the oldest image until then, and is not read.
    /// </summary>
    private bool LeavesImage => Period == 2;

    /// <summary>Images and residuals are tensors of their own, so that those which grow older are moved, not copied.</summary>
    /// <param name="z">The iterate.</param>
    /// <param name="residual">Its residual.</param>
    /// <param name="memory">The products of changes when a step last combined, and all pairs of image and residual.</param>
    /// <param name="fresh">How many changes are newer than these products, the newest included.</param>
    private (Tensor Next, Tensor[] Memory) Combined(Tensor z, Tensor residual, Tensor[] memory, int fresh)
    {
        double rounding = Matrices.Rounding(z.DType);
        var loop = new AndersonLoop(
            z.Length,
            Memory,
            fresh,
            Damping,
            Regularisation + (16 * Memory * rounding),
            Math.Sqrt(rounding)
        );
        Tensor[] inputs = [z, residual, .. memory];
        var meaning = Function.TraceClosed("anderson", Tensor.Types(inputs), all => Meaning(all, loop));
        Tensor[] made = Tensor.ApplyMany(new FusedOp(meaning, loop), inputs);
        return (
            made[AndersonLoop.Output.Iterate],
            [made[AndersonLoop.Output.Products], made[AndersonLoop.Output.Image], residual, .. memory[1..^2]]
        );
    }

    /// <summary>What <see cref="AndersonLoop"/> computes.</summary>
    private Tensor[] Meaning(Tensor[] all, AndersonLoop loop)
    {
        Tensor residual = all[AndersonLoop.Input.Residual];
        Tensor before = all[AndersonLoop.Input.Products];
        Tensor[] older = all[AndersonLoop.Input.Pairs..];
        Tensor image = all[AndersonLoop.Input.Iterate] + (loop.Damping * residual);
        // What was forgotten has no product with itself, and the products are some steps behind; what was never there may be anything.
        Tensor there = Tensor.Greater(Tensor.Index(before, 1, 0), 0.0);
        Tensor moves = Differences([image, .. older.Where((_, i) => i % 2 == 0)]);
        Tensor changes = Differences([residual, .. older.Where((_, i) => i % 2 == 1)]);
        (Tensor weights, Tensor kept) = Combine(changes, residual, loop);
        changes *= kept;
        Tensor next = image - Tensor.MatMul(weights, moves);
        // Squares may leave the range of the vectors' type.
        Tensor wide = Tensor.Cast(changes, DType.Float64);
        Tensor gram = Tensor.MatMul(wide, wide.T);
        Tensor[] products =
        [
            .. Enumerable
                .Range(0, Memory)
                .Select(i => Tensor.Pad(Tensor.Slice(Tensor.Index(gram, 0, i), 0, i), [0], [i])),
        ];
        return [next, image, Tensor.Stack(products)];

        Tensor Differences(Tensor[] vectors) =>
            Tensor.Stack([.. Enumerable.Range(0, Memory).Select(k => Present(k, vectors[k] - vectors[k + 1]))]);

        Tensor Present(int change, Tensor row) =>
            change < loop.Fresh
                ? row
                : Tensor.Where(Tensor.Index(there, 0, change - loop.Fresh), row, Tensor.ZerosLike(row));
    }

    /// <summary>The weights γ [m] of the rows, and which rows are kept, [m, 1].</summary>
    private (Tensor Weights, Tensor Kept) Combine(Tensor changes, Tensor residual, AndersonLoop loop)
    {
        Tensor norm = Tensor.Cast(Tensor.Norm(Tensor.Cast(changes, DType.Float64), keepDims: true, 1), changes.DType);
        Tensor isThere = Tensor.Greater(norm, 0.0);
        Tensor scale = Tensor.Where(isThere, 1.0 / Tensor.Where(isThere, norm, 1.0), 0.0);
        Tensor rows = changes * scale;
        Tensor identity = Tensor.Eye(Memory, dtype: changes.DType);
        // A row of nothing gets a diagonal of its own.
        Tensor own = Tensor.Where(isThere, Tensor.Full(norm.Shape, loop.Ridge, norm.DType), 1.0);
        Tensor factor = Tensor.Cholesky(Tensor.MatMul(rows, rows.T) + (identity * own));
        Tensor sine = Tensor.Sum(factor * identity, 1);
        Tensor isDependent = Tensor.Less(sine * sine, loop.LeastSquare);
        Tensor kept = Tensor.Cast(
            Tensor.Equal(Tensor.Cumsum(Tensor.Cast(isDependent, changes.DType)), 0.0),
            changes.DType
        );
        Tensor half = Tensor.SolveTriangular(factor, Tensor.MatMul(rows, residual));
        // The leading block of the factor is that of the rows kept: the others' part of the right-hand side goes, and so do they.
        Tensor weights = Tensor.SolveTriangular(factor, half * kept, transposed: true);
        return (weights * Tensor.Squeeze(scale, 1), Tensor.Unsqueeze(kept, 1));
    }
}
