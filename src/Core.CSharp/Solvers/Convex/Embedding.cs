using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// One step of the homogeneous embedding of quadratic programs side by side: variables (x, y, z, s, τ, κ), one factorisation, three solves. From
/// P. Goulart and Y. Chen, "Clarabel: an interior-point solver for conic programs with quadratic objectives" (2024), sections 2 and 4.
/// </summary>
/// <remarks>
/// Residuals: rx = −Px − A'y − G'z − qτ, ry = Ax − bτ, rz = Gx + s − hτ, rτ = q'x + b'y + h'z + κ + x'Px/τ. A row is an inequality, an
/// equality (a fixed variable: s = 0, z free), or absent (an infinite bound: z = 0, s = 1).
/// </remarks>
internal sealed unsafe class Embedding<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private const double ToTheBoundary = 0.99;
    private const double CarefulCentring = 0.5;

    private readonly Scratch scratch = new(V.Count);

    /// <summary>The right sides of the constant and the variable solve, and their solutions.</summary>
    private readonly double* constantRight;
    private readonly double* variableRight;
    private readonly double* constant;
    private readonly double* variable;
    private readonly double* slackTerm;
    private readonly double* slackStep;

    public Embedding(QpBlock block)
    {
        Block = block;
        Kkt = new KktSystem<V, D>(block);
        QpSize size = block.Size;
        Cost = scratch.Take(size.Total);
        Point = scratch.Take(size.Total);
        Slack = scratch.Take(size.Rows);
        IsCone = scratch.Take(size.Rows);
        Exists = scratch.Take(size.Rows);
        Tau = scratch.Take(1);
        Kappa = scratch.Take(1);
        Degree = scratch.Take(1);
        Residuals = scratch.Take(size.Total);
        Curvature = scratch.Take(size.N);
        Pull = scratch.Take(size.N);
        Rows = scratch.Take(size.P + size.Rows);
        Step = scratch.Take(size.Total);
        constantRight = scratch.Take(2 * size.Total);
        variableRight = constantRight + ((long)size.Total * Count);
        constant = scratch.Take(2 * size.Total);
        variable = constant + ((long)size.Total * Count);
        slackTerm = scratch.Take(size.Rows);
        slackStep = scratch.Take(size.Rows);
    }

    public QpBlock Block { get; }

    public KktSystem<V, D> Kkt { get; }

    /// <summary>q̂, b̂, ĥ.</summary>
    public double* Cost { get; }

    /// <summary>x, y, z.</summary>
    public double* Point { get; }

    public double* Slack { get; }

    /// <summary>1 for inequalities, 0 for fixed variables and absent rows.</summary>
    public double* IsCone { get; }

    public double* Tau { get; }

    public double* Kappa { get; }

    /// <summary>1 for rows that are there.</summary>
    public double* Exists { get; }

    /// <summary>1 + the number of inequalities.</summary>
    public double* Degree { get; }

    /// <summary>rx, ry, rz.</summary>
    public double* Residuals { get; }

    /// <summary>P·x.</summary>
    public double* Curvature { get; }

    /// <summary>A'y + G'z.</summary>
    public double* Pull { get; }

    /// <summary>A·x and G·x.</summary>
    public double* Rows { get; }

    /// <summary>x'Px, q'x, and b'y + h'z, after <see cref="Evaluate"/>.</summary>
    public (V Curved, V Linear, V Constant) Products { get; private set; }

    /// <summary>(s'z + τκ) per degree.</summary>
    public V Mu { get; private set; }

    /// <summary>The length of the last step.</summary>
    public V Length { get; private set; }

    /// <summary>What the last step leaves of the residuals, if its direction was exact.</summary>
    public V Left { get; private set; }

    private double* Step { get; }

    private QpSize Size => Block.Size;

    private static int Count => V.Count;

    public double* Dual => Point + ((Size.N + Size.P) * Count);

    /// <summary>The residuals of the current point and what they are made of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate()
    {
        (int n, int p, int rows) = (Size.N, Size.P, Size.Rows);
        V tau = V.Load(Tau);
        Kkt.QuadraticTimes(Point, Curvature);
        Lanewise<V>.Fill(n, 0.0, Pull);
        Kkt.AddEqualityTransposed(Point + (n * Count), Pull);
        Kkt.AddConeTransposed(Dual, Pull);
        Kkt.EqualityTimes(Point, Rows);
        Kkt.ConeTimes(Point, Rows + (p * Count));
        for (int i = 0; i < n; i++)
        {
            V pull = Lanewise<V>.Load(Curvature, i) + Lanewise<V>.Load(Pull, i);
            V.Store(-V.MultiplyAdd(Lanewise<V>.Load(Cost, i), tau, pull), Residuals + (i * Count));
        }
        double* b = Cost + (n * Count);
        double* to = Residuals + (n * Count);
        for (int i = 0; i < p + rows; i++)
        {
            V row = Lanewise<V>.Load(Rows, i) - (Lanewise<V>.Load(b, i) * tau);
            if (i >= p)
                row = Lanewise<V>.Load(Exists, i - p) * (row + Lanewise<V>.Load(Slack, i - p));
            V.Store(row, to + (i * Count));
        }
        V curved = Lanewise<V>.Dot(n, Point, Curvature);
        V linear = Lanewise<V>.Dot(n, Cost, Point);
        V fixedPart = Lanewise<V>.Dot(p + rows, b, Point + (n * Count));
        Products = (curved, linear, fixedPart);
        Mu = (Complementarity() + (tau * V.Load(Kappa))) / V.Load(Degree);
    }

    /// <summary>
    /// A predictor–corrector step (Mehrotra) from the evaluated point with the factor of its weights. The second-order term is scaled by the
    /// predictor's length in first steps and left out of careful ones, where it makes the iteration go round in circles.
    /// </summary>
    /// <param name="refined">The lanes whose directions are refined.</param>
    /// <param name="firstSteps">A mask.</param>
    /// <param name="carefulSteps">A mask.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(ulong refined, V firstSteps, V carefulSteps)
    {
        V tau = V.Load(Tau);
        V kappa = V.Load(Kappa);
        // K·(x₂, y₂, z₂) = (−q, b, h), together with the predictor: σ = 0, no second-order term.
        Lanewise<V>.Copy(Size.Total, Cost, constantRight);
        Lanewise<V>.Scale(Size.N, V.Of(-1.0), Cost, constantRight);
        for (int i = 0; i < Size.Rows; i++)
            V.Store(Lanewise<V>.Load(IsCone, i) * Lanewise<V>.Load(Slack, i), slackTerm + (i * Count));
        SetVariableRight(V.Of(1.0));
        Kkt.SolveBothRoughly(constantRight, constant);
        if (refined != 0)
            Kkt.Refinement.Refine(constantRight, constant, refined, Refinement<V>.Absolute);
        (V tauStep, V kappaStep) = Combine(V.Of(1.0), tau * kappa);
        V affine = V.Min(V.Of(1.0), Boundary(tauStep, kappaStep));
        V rest = V.Of(1.0) - affine;
        V centring = V.Max(rest * rest * rest, V.Select(carefulSteps, V.Of(CarefulCentring), V.Of(0.0)));
        V second = V.Select(carefulSteps, V.Of(0.0), V.Select(firstSteps, affine, V.Of(1.0)));
        V target = centring * Mu;
        Correct(second, target);
        V product = V.MultiplyAdd(second * tauStep, kappaStep, tau * kappa) - target;
        V factor = V.Of(1.0) - centring;
        SetVariableRight(factor);
        Kkt.SolveRoughly(variableRight, variable);
        if (refined != 0)
            Kkt.Refinement.Refine(variableRight, variable, refined, Refinement<V>.Absolute);
        (tauStep, kappaStep) = Combine(factor, product);
        Length = V.Min(V.Of(1.0), V.Of(ToTheBoundary) * Boundary(tauStep, kappaStep));
        Left = V.Of(1.0) - (Length * factor);
        Move(Length, tauStep, kappaStep);
    }

    /// <summary>(d_x, −d_y, d_s/z − d_z) for residuals scaled by a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetVariableRight(V factor)
    {
        (int n, int p, int rows) = (Size.N, Size.P, Size.Rows);
        Lanewise<V>.Scale(n, factor, Residuals, variableRight);
        Lanewise<V>.Scale(p + rows, -factor, Residuals + (n * Count), variableRight + (n * Count));
        Lanewise<V>.Add(rows, V.Of(1.0), slackTerm, variableRight + ((n + p) * Count));
    }

    /// <summary>
    /// The direction from K·(x₁, y₁, z₁) = (d_x, −d_y, d_s/z − d_z): Δτ, Δ(x, y, z) = (·)₁ + Δτ·(·)₂, Δs = −(d_s/z + WΔz) and
    /// Δκ = −(d_κ + κΔτ)/τ.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (V Tau, V Kappa) Combine(V factor, V kappaTerm)
    {
        int n = Size.N;
        V tau = V.Load(Tau);
        V kappa = V.Load(Kappa);
        (V curved, V linear, V fixedPart) = Products;
        V two = V.Of(2.0);
        V residual = factor * (linear + fixedPart + kappa + (curved / tau));
        V up = residual - (kappaTerm / tau) + Slope(variable) + (two * Lanewise<V>.Dot(n, Curvature, variable) / tau);
        V down =
            (kappa / tau)
            - Slope(constant)
            - (two * Lanewise<V>.Dot(n, Curvature, constant) / tau)
            + (curved / (tau * tau));
        V tauStep = up / down;
        Lanewise<V>.Copy(Size.Total, variable, Step);
        Lanewise<V>.Add(Size.Total, tauStep, constant, Step);
        SlackDirection();
        return (tauStep, -(kappaTerm + (kappa * tauStep)) / tau);
    }

    /// <summary>q'x + b'y + h'z.</summary>
    private V Slope(double* point) => Lanewise<V>.Dot(Size.Total, Cost, point);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SlackDirection()
    {
        double* dual = Step + ((Size.N + Size.P) * Count);
        for (int i = 0; i < Size.Rows; i++)
        {
            V change = V.MultiplyAdd(
                Lanewise<V>.Load(Block.Weight, i),
                Lanewise<V>.Load(dual, i),
                Lanewise<V>.Load(slackTerm, i)
            );
            V.Store(-change, slackStep + (i * Count));
        }
    }

    /// <summary>d_s/z = s + (m·Δs·Δz − σμ)/z on inequalities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Correct(V second, V target)
    {
        double* dual = Step + ((Size.N + Size.P) * Count);
        for (int i = 0; i < Size.Rows; i++)
        {
            V product = V.MultiplyAdd(second * Lanewise<V>.Load(slackStep, i), Lanewise<V>.Load(dual, i), -target);
            V term = Lanewise<V>.Load(Slack, i) + (product / Lanewise<V>.Load(Dual, i));
            V isCone = V.Less(V.Of(0.5), Lanewise<V>.Load(IsCone, i));
            V.Store(V.Select(isCone, term, V.Of(0.0)), slackTerm + (i * Count));
        }
    }

    /// <summary>How far the direction goes until z, s, τ or κ is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Boundary(V tauStep, V kappaStep)
    {
        V far = V.Of(double.PositiveInfinity);
        V zero = V.Of(0.0);
        V length = V.Select(V.Less(tauStep, zero), -V.Load(Tau) / tauStep, far);
        length = V.Min(length, V.Select(V.Less(kappaStep, zero), -V.Load(Kappa) / kappaStep, far));
        double* dual = Step + ((Size.N + Size.P) * Count);
        for (int i = 0; i < Size.Rows; i++)
        {
            V isCone = V.Less(V.Of(0.5), Lanewise<V>.Load(IsCone, i));
            V dz = Lanewise<V>.Load(dual, i);
            V ds = Lanewise<V>.Load(slackStep, i);
            V toZ = V.Select(isCone & V.Less(dz, zero), -Lanewise<V>.Load(Dual, i) / dz, far);
            V toS = V.Select(isCone & V.Less(ds, zero), -Lanewise<V>.Load(Slack, i) / ds, far);
            length = V.Min(length, V.Min(toZ, toS));
        }
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(V length, V tauStep, V kappaStep)
    {
        Lanewise<V>.Add(Size.Total, length, Step, Point);
        for (int i = 0; i < Size.Rows; i++)
        {
            V isCone = V.Less(V.Of(0.5), Lanewise<V>.Load(IsCone, i));
            V moved = V.MultiplyAdd(length, Lanewise<V>.Load(slackStep, i), Lanewise<V>.Load(Slack, i));
            V.Store(V.Select(isCone, moved, Lanewise<V>.Load(Slack, i)), Slack + (i * Count));
        }
        V.Store(V.MultiplyAdd(length, tauStep, V.Load(Tau)), Tau);
        V.Store(V.MultiplyAdd(length, kappaStep, V.Load(Kappa)), Kappa);
    }

    /// <summary>Σ s·z over inequalities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Complementarity()
    {
        V sum = V.Of(0.0);
        for (int i = 0; i < Size.Rows; i++)
            sum = V.MultiplyAdd(
                Lanewise<V>.Load(IsCone, i) * Lanewise<V>.Load(Slack, i),
                Lanewise<V>.Load(Dual, i),
                sum
            );
        return sum;
    }

    /// <summary>W = s/z, and what the system needs of it, at the current point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Weigh()
    {
        for (int i = 0; i < Size.Rows; i++)
            Weigh(i, Lanewise<V>.Load(Slack, i) / Lanewise<V>.Load(Dual, i));
    }

    /// <summary>W = I.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeighEvenly()
    {
        for (int i = 0; i < Size.Rows; i++)
            Weigh(i, V.Of(1.0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Weigh(int row, V weight)
    {
        V isCone = V.Less(V.Of(0.5), Lanewise<V>.Load(IsCone, row));
        V exists = Lanewise<V>.Load(Exists, row);
        weight = V.Select(isCone, weight, V.Of(0.0));
        V.Store(weight, Block.Weight + (row * Count));
        V.Store(exists, Block.Live + (row * Count));
        V.Store(exists / (weight + V.Of(KktSystem<V, D>.Regularisation)), Block.Omega + (row * Count));
    }
}
