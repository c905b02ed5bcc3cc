using TorchSharp;

namespace Implicit.Peers;

/// <summary>
/// The solver of qpth (B. Amos and J. Z. Kolter 2017, "OptNet", section 3; qpth/solvers/pdipm/batch.py) in eager operations on a batch:
/// min ½x'Qx + p'x, Gx + s = h, s ≥ 0, Ax = b. Two things are done otherwise, and save time: matrices that are positive definite have Cholesky
/// factors, not LU, and a batch is done when the worst residual is 1e-10, where qpth goes on until 1e-12 or until three iterations have
/// improved nothing. With 1e-8 the gradients would have errors of half a percent.
/// </summary>
internal sealed class InteriorPoint
{
    private const double Tolerance = 1e-10;
    private const int MostIterations = 20;

    /// <summary>What a slack or a multiplier counts at least in the derivative.</summary>
    private const double Least = 1e-8;

    private readonly int equations;
    private readonly int inequalities;

    // [batch, n, n], [batch, n, 1], and the rows of A and G with b and h, [batch, m, n] and [batch, m, 1].
    private readonly torch.Tensor q;
    private readonly torch.Tensor p;
    private readonly torch.Tensor rows;
    private readonly torch.Tensor right;

    // The factor of Q, and CQ⁻¹C' for the rows C.
    private readonly torch.Tensor factor;
    private readonly torch.Tensor gram;

    // x, the slacks of G's rows, and the multipliers of all rows.
    private readonly torch.Tensor x;
    private readonly torch.Tensor slacks;
    private readonly torch.Tensor multipliers;

    /// <summary>Solves.</summary>
    /// <param name="data">Q, p, G, h, and where there are equations A and b.</param>
    public InteriorPoint(torch.Tensor[] data)
    {
        bool hasEquations = data.Length > 4;
        (q, p) = (data[0], data[1].unsqueeze(2));
        rows = hasEquations ? torch.cat([data[4], data[2]], 1) : data[2];
        right = (hasEquations ? torch.cat([data[5], data[3]], 1) : data[3]).unsqueeze(2);
        equations = hasEquations ? (int)data[4].shape[1] : 0;
        inequalities = (int)data[2].shape[1];
        factor = torch.linalg.cholesky(q);
        gram = rows.bmm(torch.cholesky_solve(rows.mT, factor));
        (x, slacks, multipliers) = Start();
        for (int i = 0; i < MostIterations && Step(); i++) { }
    }

    public torch.Tensor X => x.squeeze(2);

    /// <summary>The cotangents of the data, in their order, for that of x: OptNet, equations 7 and 8.</summary>
    public torch.Tensor[] Pull(torch.Tensor cotangent)
    {
        torch.Tensor d = Inequalities(multipliers).clamp_min(Least) / slacks.clamp_min(Least);
        Direction to = Solve(Factor(d), d, cotangent.unsqueeze(2), torch.zeros_like(d), torch.zeros_like(right));
        torch.Tensor outer = to.X.bmm(x.mT);
        torch.Tensor ofRows = to.Multipliers.bmm(x.mT).add_(multipliers.bmm(to.X.mT));
        torch.Tensor ofRight = -to.Multipliers.squeeze(2);
        torch.Tensor[] result =
        [
            (outer + outer.mT).mul_(0.5),
            to.X.squeeze(2),
            ofRows.narrow(1, equations, inequalities),
            ofRight.narrow(1, equations, inequalities),
        ];
        return equations == 0 ? result : [.. result, ofRows.narrow(1, 0, equations), ofRight.narrow(1, 0, equations)];
    }

    /// <summary>The solution of the equations for D = I, with slacks and multipliers moved to be positive.</summary>
    private (torch.Tensor, torch.Tensor, torch.Tensor) Start()
    {
        torch.Tensor d = torch.ones_like(Inequalities(right));
        Direction to = Solve(Factor(d), d, p, torch.zeros_like(d), -right);
        MoveUp(to.Slacks);
        MoveUp(Inequalities(to.Multipliers));
        return (to.X, to.Slacks, to.Multipliers);
    }

    /// <summary>Where an item has a negative element, its least becomes 1.</summary>
    private static void MoveUp(torch.Tensor v)
    {
        torch.Tensor least = v.amin([1], keepdim: true);
        v.add_(torch.where(least.lt(0), 1 - least, torch.zeros_like(least)));
    }

    /// <summary>A step of Mehrotra's predictor and corrector, if one is needed; false if not. What it makes is freed at its end.</summary>
    private bool Step()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor z = Inequalities(multipliers);
        torch.Tensor dual = q.bmm(x).add_(p).add_(rows.mT.bmm(multipliers));
        torch.Tensor primal = rows.bmm(x).sub_(right);
        Inequalities(primal).add_(slacks);
        torch.Tensor gap = (slacks * z).sum(1, keepdim: true);
        torch.Tensor residual = dual.norm(1, keepdim: true) + primal.norm(1, keepdim: true) + gap;
        if (residual.max().item<double>() < Tolerance)
            return false;
        torch.Tensor d = z / slacks;
        torch.Tensor kkt = Factor(d);
        Direction affine = Solve(kkt, d, dual, z, primal);
        torch.Tensor dz = Inequalities(affine.Multipliers);
        torch.Tensor length = Length(z, dz, slacks, affine.Slacks);
        torch.Tensor after = ((slacks + (length * affine.Slacks)) * (z + (length * dz))).sum(1, keepdim: true);
        torch.Tensor centre = (after / gap).pow(3) * gap / inequalities;
        torch.Tensor complementarity = ((affine.Slacks * dz) - centre) / slacks;
        Direction corrected = Solve(kkt, d, torch.zeros_like(p), complementarity, torch.zeros_like(right));
        Move(
            affine.X.add_(corrected.X),
            affine.Slacks.add_(corrected.Slacks),
            affine.Multipliers.add_(corrected.Multipliers)
        );
        return true;
    }

    private void Move(torch.Tensor dx, torch.Tensor ds, torch.Tensor dm)
    {
        torch.Tensor length = Length(Inequalities(multipliers), Inequalities(dm), slacks, ds, 0.999);
        x.add_(length * dx);
        slacks.add_(length * ds);
        multipliers.add_(length * dm);
    }

    /// <summary>How far each item can go, at most 1, until a multiplier or a slack vanishes.</summary>
    private static torch.Tensor Length(
        torch.Tensor z,
        torch.Tensor dz,
        torch.Tensor s,
        torch.Tensor ds,
        double part = 1.0
    ) => torch.minimum(ToZero(z, dz), ToZero(s, ds)).mul_(part).clamp_max_(1.0);

    private static torch.Tensor ToZero(torch.Tensor v, torch.Tensor dv) =>
        torch.where(dv.lt(0), -v / dv, torch.full_like(v, double.PositiveInfinity)).amin([1], keepdim: true);

    /// <summary>CQ⁻¹C' + D⁻¹, factored.</summary>
    private torch.Tensor Factor(torch.Tensor d)
    {
        torch.Tensor schur = gram.clone();
        Inequalities(schur.diagonal(0, 1, 2).unsqueeze(2)).add_(d.reciprocal());
        return torch.linalg.cholesky(schur);
    }

    /// <summary>The step that takes the three residuals away, to first order; that of complementarity is divided by the slacks.</summary>
    private Direction Solve(
        torch.Tensor kkt,
        torch.Tensor d,
        torch.Tensor dual,
        torch.Tensor complementarity,
        torch.Tensor primal
    )
    {
        torch.Tensor missed = rows.bmm(torch.cholesky_solve(dual, factor)).sub_(primal);
        Inequalities(missed).add_(complementarity / d);
        torch.Tensor dm = torch.cholesky_solve(missed, kkt).neg_();
        torch.Tensor dx = torch.cholesky_solve(dual + rows.mT.bmm(dm), factor).neg_();
        return new Direction(dx, (complementarity + Inequalities(dm)).neg_().div_(d), dm);
    }

    private torch.Tensor Inequalities(torch.Tensor ofRows) => ofRows.narrow(1, equations, inequalities);

    private sealed record Direction(torch.Tensor X, torch.Tensor Slacks, torch.Tensor Multipliers);
}
