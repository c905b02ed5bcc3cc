using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The steps of the interior point: a predictor and a corrector (S. Mehrotra 1992, SIAM J. Optim. 2, 575–601) in the homogeneous embedding, with
/// one factorisation and three solves. After Clarabel (see <see cref="Embedding{V, D}"/>), section 4.
/// </summary>
internal sealed unsafe class PredictorCorrector<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>The part of the way to the boundary that a step goes.</summary>
    private const double ToTheBoundary = 0.99;

    /// <summary>The least σ of careful steps.</summary>
    private const double CarefulCentring = 0.5;

    private readonly Embedding<V, D> at;
    private readonly Scratch scratch = new(V.Count);

    /// <summary>The right sides (−q, b, h) and (d_x, −d_y, d_s/z − d_z), and their solutions (·)₂ and (·)₁, each behind the other.</summary>
    private readonly double* constantRight;
    private readonly double* variableRight;
    private readonly double* constant;
    private readonly double* variable;

    /// <summary>d_s/z.</summary>
    private readonly double* slackTerm;

    /// <summary>The direction: Δ(x, y, z) and Δs.</summary>
    private readonly double* step;
    private readonly double* slackStep;

    public PredictorCorrector(Embedding<V, D> at)
    {
        this.at = at;
        constantRight = scratch.Take(2 * Size.Total);
        variableRight = constantRight + ((long)Size.Total * Count);
        constant = scratch.Take(2 * Size.Total);
        variable = constant + ((long)Size.Total * Count);
        slackTerm = scratch.Take(Size.Rows);
        step = scratch.Take(Size.Total);
        slackStep = scratch.Take(Size.Rows);
    }

    /// <summary>The length of the last step.</summary>
    public V Length { get; private set; }

    /// <summary>What the last step leaves of the residuals, if its direction was exact.</summary>
    public V Remaining { get; private set; }

    private QpSize Size => at.Block.Size;

    private static int Count => V.Count;

    private double* DualStep => step + ((Size.N + Size.P) * Count);

    /// <summary>
    /// Takes a step from the evaluated point, with the factor of its weights. The second-order term is scaled by the predictor's length in first steps
    /// and left out of careful ones, where it makes the iteration go round in circles.
    /// </summary>
    /// <param name="refined">The lanes whose directions are refined.</param>
    /// <param name="firstSteps">A mask.</param>
    /// <param name="carefulSteps">A mask.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(ulong refined, V firstSteps, V carefulSteps)
    {
        V one = V.Of(1.0);
        V zero = V.Of(0.0);
        (V Tau, V Kappa) affine = Predict(refined);
        V reached = V.Min(one, Boundary(affine));
        V rest = one - reached;
        V centring = V.Max(rest * rest * rest, V.Select(carefulSteps, V.Of(CarefulCentring), zero));
        V secondOrder = V.Select(carefulSteps, zero, V.Select(firstSteps, reached, one));
        (V Tau, V Kappa) direction = Correct(refined, affine, centring, secondOrder);
        Length = V.Min(one, V.Of(ToTheBoundary) * Boundary(direction));
        Remaining = one - (Length * (one - centring));
        Move(direction);
    }

    /// <summary>The affine direction: σ = 0 and no second-order term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (V Tau, V Kappa) Predict(ulong refined)
    {
        at.CopyRightSide(constantRight);
        for (int i = 0; i < Size.Rows; i++)
            V.Store(Lanewise<V>.Load(at.IsInequality, i) * Lanewise<V>.Load(at.Slack, i), slackTerm + (i * Count));
        SetVariableRight(V.Of(1.0));
        at.Kkt.SolveBothRoughly(constantRight, constant);
        Refine(refined, constantRight, constant);
        return Combine(V.Of(1.0), V.Load(at.Tau) * V.Load(at.Kappa));
    }

    /// <summary>The direction to the central path, with the second-order term that the affine direction leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (V Tau, V Kappa) Correct(ulong refined, (V Tau, V Kappa) affine, V centring, V secondOrder)
    {
        V target = centring * at.Mu;
        SetSlackTerm(secondOrder, target);
        V product = V.Load(at.Tau) * V.Load(at.Kappa);
        V kappaTerm = V.MultiplyAdd(secondOrder * affine.Tau, affine.Kappa, product) - target;
        V factor = V.Of(1.0) - centring;
        SetVariableRight(factor);
        at.Kkt.SolveRoughly(variableRight, variable);
        Refine(refined, variableRight, variable);
        return Combine(factor, kappaTerm);
    }

    private void Refine(ulong lanes, double* right, double* solution)
    {
        if (lanes != 0)
            at.Kkt.Refinement.Refine(right, solution, lanes, Refinement<V>.Absolute);
    }

    /// <summary>(d_x, −d_y, d_s/z − d_z) for residuals scaled by a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetVariableRight(V factor)
    {
        (int n, int p, int rows) = (Size.N, Size.P, Size.Rows);
        Lanewise<V>.Scale(n, factor, at.Residuals, variableRight);
        Lanewise<V>.Scale(p + rows, -factor, at.Residuals + (n * Count), variableRight + (n * Count));
        Lanewise<V>.Add(rows, V.Of(1.0), slackTerm, variableRight + ((n + p) * Count));
    }

    /// <summary>d_s/z = s + (m·Δs·Δz − σμ)/z on inequalities, with the weight m of the second-order term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetSlackTerm(V secondOrder, V target)
    {
        for (int i = 0; i < Size.Rows; i++)
        {
            V change = secondOrder * Lanewise<V>.Load(slackStep, i);
            V product = V.MultiplyAdd(change, Lanewise<V>.Load(DualStep, i), -target);
            V term = Lanewise<V>.Load(at.Slack, i) + (product / Lanewise<V>.Load(at.Dual, i));
            V.Store(V.Select(at.InequalityMask(i), term, V.Of(0.0)), slackTerm + (i * Count));
        }
    }

    /// <summary>
    /// The direction from K·(x₁, y₁, z₁) = (d_x, −d_y, d_s/z − d_z): Δτ, Δ(x, y, z) = (·)₁ + Δτ·(·)₂, Δs = −(d_s/z + WΔz) and
    /// Δκ = −(d_κ + κΔτ)/τ.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (V Tau, V Kappa) Combine(V factor, V kappaTerm)
    {
        V tau = V.Load(at.Tau);
        V kappa = V.Load(at.Kappa);
        (V quadratic, V linear, V fixedPart) = at.ObjectiveTerms;
        V residual = factor * (linear + fixedPart + kappa + (quadratic / tau));
        V up = residual - (kappaTerm / tau) + Slope(variable) + (Curvature(variable) / tau);
        V down = (kappa / tau) - Slope(constant) - (Curvature(constant) / tau) + (quadratic / (tau * tau));
        V tauStep = up / down;
        Lanewise<V>.Copy(Size.Total, variable, step);
        Lanewise<V>.Add(Size.Total, tauStep, constant, step);
        SetSlackStep();
        return (tauStep, -(kappaTerm + (kappa * tauStep)) / tau);
    }

    /// <summary>q'x + b'y + h'z of a solution.</summary>
    private V Slope(double* solution) => Lanewise<V>.Dot(Size.Total, at.Constants, solution);

    /// <summary>2·x'P·(·) of the current x and that of a solution.</summary>
    private V Curvature(double* solution) => V.Of(2.0) * Lanewise<V>.Dot(Size.N, at.QuadraticProduct, solution);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetSlackStep()
    {
        for (int i = 0; i < Size.Rows; i++)
        {
            V change = V.MultiplyAdd(
                Lanewise<V>.Load(at.Block.Weight, i),
                Lanewise<V>.Load(DualStep, i),
                Lanewise<V>.Load(slackTerm, i)
            );
            V.Store(-change, slackStep + (i * Count));
        }
    }

    /// <summary>How far the direction goes until z, s, τ or κ is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Boundary((V Tau, V Kappa) direction)
    {
        V far = V.Of(double.PositiveInfinity);
        V zero = V.Of(0.0);
        V length = V.Select(V.Less(direction.Tau, zero), -V.Load(at.Tau) / direction.Tau, far);
        length = V.Min(length, V.Select(V.Less(direction.Kappa, zero), -V.Load(at.Kappa) / direction.Kappa, far));
        for (int i = 0; i < Size.Rows; i++)
        {
            V isInequality = at.InequalityMask(i);
            V dz = Lanewise<V>.Load(DualStep, i);
            V ds = Lanewise<V>.Load(slackStep, i);
            V toZ = V.Select(isInequality & V.Less(dz, zero), -Lanewise<V>.Load(at.Dual, i) / dz, far);
            V toS = V.Select(isInequality & V.Less(ds, zero), -Lanewise<V>.Load(at.Slack, i) / ds, far);
            length = V.Min(length, V.Min(toZ, toS));
        }
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move((V Tau, V Kappa) direction)
    {
        V length = Length;
        Lanewise<V>.Add(Size.Total, length, step, at.Point);
        for (int i = 0; i < Size.Rows; i++)
        {
            V old = Lanewise<V>.Load(at.Slack, i);
            V moved = V.MultiplyAdd(length, Lanewise<V>.Load(slackStep, i), old);
            V.Store(V.Select(at.InequalityMask(i), moved, old), at.Slack + (i * Count));
        }
        V.Store(V.MultiplyAdd(length, direction.Tau, V.Load(at.Tau)), at.Tau);
        V.Store(V.MultiplyAdd(length, direction.Kappa, V.Load(at.Kappa)), at.Kappa);
    }
}
