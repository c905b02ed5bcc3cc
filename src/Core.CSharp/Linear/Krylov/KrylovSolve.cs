using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// The one loop of all Krylov methods, for one system: a method improves x from the residual that is computed here from x itself, so success
/// never rests on a recurrence, and x is never replaced by something worse. It is a sequence of stages, and each of them one of products, which
/// whoever runs it computes.
/// </summary>
/// <param name="op">The method, and which preconditioners there are.</param>
/// <param name="memory">The memory of the batch.</param>
/// <param name="item">Which system of the batch this is.</param>
internal sealed class KrylovSolve<T>(LinearSolveOp op, KrylovMemory<T> memory, int item)
    where T : unmanaged, INumber<T>
{
    /// <summary>A restart that takes off less than this part of the residual would need thousands more to gain a digit.</summary>
    private const double LeastGain = 1e-3;

    /// <summary>
    /// Right-hand sides of larger norms, and of smaller ones than the inverse, are solved for in units of their own. Of the others the products of all methods
    /// are numbers whatever the operator, up to 10^±200: the longest, rᵀ·A·r, has two residuals, each of which may be 10⁻¹⁵ as large. In float32 sums
    /// are taken in float64, but A·r must be a number, of an operator up to 10^±30 and a residual of 10⁻⁵.
    /// </summary>
    private static readonly double LargestNorm = typeof(T) == typeof(float) ? 1e3 : 1e30;

    private readonly LinearSolver.Krylov method = op.Solver;
    private readonly KrylovVectors<T> space = new(memory.LeftBasis, item);
    private readonly LeastSquaresMinimalResiduals<T>? leastSquares = op.IsLeastSquares
        ? new(new(memory.LeftBasis, item), new(memory.RightBasis, item))
        : null;
    private readonly ConjugateGradients? conjugate = op.Solver is LinearSolver.Cg ? new() : null;
    private readonly KrylovVector<T> b = memory.Equations[0, item];
    private readonly KrylovVector<T> x = memory.Unknowns[0, item];
    private ResidualSize measured = new(double.NaN, double.NaN, double.NaN, false);
    private bool isMeasured;
    private int steps;

    /// <summary>A power of two by which b, and so x and all residuals, are divided while this solves.</summary>
    private double unit = 1.0;

    /// <summary>What rounding leaves of a residual, beside the right side.</summary>
    private static double Rounding { get; } = typeof(T) == typeof(float) ? 5e-7 : 1e-15;

    /// <summary>The residual allowed, relative to the right-hand side.</summary>
    public double RelativeTolerance { get; } =
        op.Solver.RelativeTolerance ?? (typeof(T) == typeof(float) ? 1e-5 : 1e-10);

    /// <summary>The most steps.</summary>
    public int Limit { get; } = op.Solver.MaxSteps ?? Math.Max(100, 10 * op.Operator.Unknowns);

    /// <summary>b, in units of its size where that is very large or small.</summary>
    public ReadOnlySpan<T> Right => b;

    /// <summary>‖b‖, in these units.</summary>
    public double RightSize { get; private set; }

    /// <summary>The residual allowed, in these units.</summary>
    public double Tolerance { get; private set; }

    /// <summary>x as far as it is known, in these units.</summary>
    public ReadOnlySpan<T> Solution => x;

    /// <summary>How the solve ended; null while it runs.</summary>
    public LinearReport? Report { get; private set; }

    /// <summary>Takes in the right-hand side and where to start (zero if it is empty).</summary>
    public void Begin(ReadOnlySpan<T> right, ReadOnlySpan<T> start)
    {
        right.CopyTo(b);
        x.Span.Clear();
        start.CopyTo(x);
        RightSize = Vectors.Norm<T>(b);
        if (!(RightSize < LargestNorm && RightSize * LargestNorm > 1.0))
            ChooseUnit();
        // Nothing is solved by nothing, and relative to it no other residual is small.
        if (RightSize == 0.0)
            x.Span.Clear();
        Tolerance = Math.Max(method.AbsoluteTolerance / unit, RelativeTolerance * RightSize);
    }

    /// <summary>Gives x in the units of the problem, in which it must be finite too: the solve has ended.</summary>
    public ReadOnlySpan<T> Finish()
    {
        if (unit == 1.0)
            return x;
        // What is too small for its type is rounded, as by any product.
        Vectors.Scale<T>(x, unit, x);
        if (Report!.IsSuccess && !double.IsFinite(Vectors.Largest<T>(x)))
            Report = Report with { Status = LinearStatus.NonFinite, Residual = double.NaN };
        return x;
    }

    /// <summary>Counts steps that another iteration has taken before this one begins.</summary>
    public void Count(int taken) => steps = taken;

    /// <summary>Begins where that iteration has come to, instead of at the start.</summary>
    /// <param name="point">Its x.</param>
    /// <param name="image">A·x.</param>
    /// <param name="norm">The norm of b − A·x.</param>
    public void Begin(ReadOnlySpan<T> point, ReadOnlySpan<T> image, double norm)
    {
        point.CopyTo(x);
        (measured, isMeasured) = (SizeOf(norm), true);
        Report = Ended(measured);
        if (Report is null)
            Vectors.Subtract<T>(memory.Equations[1, item], b, image);
    }

    /// <summary>
    /// Solves: all stages, in order, each of which may have no products at all. They are the same two by turns, each of which goes on where it paused.
    /// </summary>
    public IEnumerator<IEnumerator<Product<T>>> Run()
    {
        KrylovVector<T> next = memory.Unknowns[1, item];
        KrylovVector<T> residual = memory.Equations[1, item];
        KrylovVector<T> nextResidual = memory.Equations[2, item];
        var cycle = new KrylovCycle<T>(residual, memory.Unknowns[2, item]);
        IEnumerator<Product<T>> improvement = Method(cycle);
        IEnumerator<Product<T>> assessment = Assess(next, nextResidual);
        if (!isMeasured)
        {
            x.CopyTo(next);
            yield return assessment;
            nextResidual.CopyTo(residual);
        }
        ResidualSize now = measured;
        while ((Report = Ended(now)) is null)
        {
            cycle.Begin(Tolerance, Budget(Limit - steps));
            yield return improvement;
            steps += cycle.Steps;
            x.CopyTo(next);
            Vectors.Add<T>(next, 1.0, cycle.Correction);
            yield return assessment;
            ResidualSize then = measured;
            if (!double.IsFinite(then.Size))
            {
                Report = Told(LinearStatus.NonFinite, then);
                yield break;
            }
            bool stands = !then.IsSmall && !(then.Size < (1.0 - LeastGain) * now.Size);
            if (then.IsSmall || then.Size < now.Size)
            {
                next.CopyTo(x);
                nextResidual.CopyTo(residual);
                now = then;
            }
            if (stands && steps < Limit)
            {
                Report = Told(cycle.BrokeDown ? LinearStatus.Breakdown : LinearStatus.Stagnated, now);
                yield break;
            }
        }
    }

    /// <summary>Ends the solve for want of a product.</summary>
    public void Break(LinearStatus why) => Report = Told(why, measured);

    private void ChooseUnit()
    {
        unit = Vectors.Unit<T>(b);
        Vectors.Scale<T>(b, 1.0 / unit, b);
        Vectors.Scale<T>(x, 1.0 / unit, x);
        RightSize = Vectors.Norm<T>(b);
    }

    private LinearReport? Ended(ResidualSize size) =>
        !double.IsFinite(size.Size) ? Told(LinearStatus.NonFinite, size)
        : size.IsSmall ? Told(LinearStatus.Success, size)
        : steps >= Limit ? Told(LinearStatus.MaxStepsReached, size)
        : null;

    private LinearReport Told(LinearStatus status, ResidualSize size) =>
        new(status, size.Shown * unit, size.Allowed * unit, steps);

    /// <summary>residual ← b − A·x and its size, of one point after the other.</summary>
    private IEnumerator<Product<T>> Assess(KrylovVector<T> point, KrylovVector<T> residual)
    {
        KrylovVector<T> gradient = memory.Unknowns[3, item];
        for (bool isZero = !op.HasStart && !isMeasured; ; isZero = false)
        {
            if (isZero)
                b.CopyTo(residual);
            else
            {
                yield return new(Factor.Operator, point, residual);
                Vectors.Subtract<T>(residual, b, residual);
            }
            double norm = Vectors.Norm<T>(residual);
            measured = SizeOf(norm);
            if (leastSquares is not null && !measured.IsSmall && double.IsFinite(norm))
            {
                yield return new(Factor.Transpose, residual, gradient);
                measured = SizeOf(norm, Vectors.Norm<T>(gradient), leastSquares.MatrixNorm);
            }
            yield return default;
        }
    }

    /// <summary>The size of a residual: its norm.</summary>
    private ResidualSize SizeOf(double norm) => new(norm, norm, Tolerance, norm <= Tolerance);

    /// <summary>For least squares: how much of it could be taken off.</summary>
    private ResidualSize SizeOf(double norm, double gradient, double matrix)
    {
        // Of a residual that is small beside b, as with little damping, no more than b's rounding can be taken off.
        double allowed = Math.Max(RelativeTolerance * norm, Rounding * RightSize);
        return matrix > 0.0
            ? new(gradient, gradient / matrix, allowed, gradient <= matrix * allowed)
            : new(gradient, norm, Tolerance, gradient == 0.0);
    }

    private int Budget(int left) =>
        method switch
        {
            LinearSolver.Gmres gmres => Math.Min(gmres.Restart, left),
            LinearSolver.BiCgStab => Math.Max(left, 2),
            _ => left,
        };

    private IEnumerator<Product<T>> Method(KrylovCycle<T> cycle) =>
        leastSquares is not null ? leastSquares.Run(cycle, RelativeTolerance)
        : conjugate is not null ? conjugate.Run(cycle, op.Right is not null, space)
        : op.Left is null && op.Right is null ? Seen(cycle)
        : Preconditioned(cycle);

    /// <summary>A method for any matrix, on what it sees of it.</summary>
    private IEnumerator<Product<T>> Seen(KrylovCycle<T> cycle) =>
        method is LinearSolver.Gmres
            ? GeneralisedMinimalResiduals.Run(cycle, op.Seen, space, memory.Problems, item)
            : StabilisedBiconjugateGradients.Run(cycle, op.Seen, space);

    /// <summary>A method that sees L·A·R and L·r, and finds R⁻¹·d.</summary>
    private IEnumerator<Product<T>> Preconditioned(KrylovCycle<T> cycle)
    {
        KrylovVector<T> residual = op.Left is null ? cycle.Residual : memory.Equations[3, item];
        var seen = new KrylovCycle<T>(residual, cycle.Correction);
        IEnumerator<Product<T>> products = Seen(seen);
        while (true)
        {
            double allowed = cycle.Tolerance;
            double seenUnit = 1.0;
            if (op.Left is not null)
            {
                yield return new(Factor.Left, cycle.Residual, residual);
                // L may be as large as A⁻¹.
                seenUnit = Vectors.Unit<T>(residual);
                Vectors.Scale<T>(residual, 1.0 / seenUnit, residual);
                allowed *= Vectors.Norm<T>(residual) / Vectors.Norm<T>(cycle.Residual);
            }
            seen.Begin(allowed, cycle.Budget);
            while (products.MoveNext() && !products.Current.IsPause)
                yield return products.Current;
            cycle.End(seen.Steps, seen.BrokeDown);
            if (seenUnit != 1.0)
                Vectors.Scale<T>(cycle.Correction, seenUnit, cycle.Correction);
            if (op.Right is not null)
                yield return new(Factor.Right, cycle.Correction, cycle.Correction);
            yield return default;
        }
    }

    /// <summary>The size of a residual: the number that must fall, the one shown, what is allowed of it, and whether it is within that.</summary>
    private readonly record struct ResidualSize(double Size, double Shown, double Allowed, bool IsSmall);
}
