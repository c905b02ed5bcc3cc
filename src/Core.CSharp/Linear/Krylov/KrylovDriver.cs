using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// The one loop of all Krylov methods: a method improves x from the residual that is computed here from x itself, so success never rests
/// on a recurrence, and x is never replaced by something worse.
/// </summary>
/// <param name="method">The method by its numbers.</param>
/// <param name="apply">The product with A.</param>
/// <param name="transposed">The product with Aᵀ, for LSMR.</param>
/// <param name="left">The preconditioner on the left, if any.</param>
/// <param name="right">The one on the right, if any.</param>
/// <param name="extents">The numbers of equations and of unknowns.</param>
internal sealed class KrylovDriver<T>(
    LinearSolver.Krylov method,
    Product<T> apply,
    Product<T>? transposed,
    Product<T>? left,
    Product<T>? right,
    (int Equations, int Unknowns) extents
) : IDisposable
    where T : unmanaged, INumber<T>
{
    /// <summary>A restart that takes off less than this part of the residual would need thousands more to gain a digit.</summary>
    private const double LeastGain = 1e-3;

    private readonly KrylovSpace<T> equations = new(extents.Equations);
    private readonly KrylovSpace<T> unknowns = new(extents.Unknowns);
    private readonly KrylovSpace<T> leftBasis = new(extents.Equations);
    private readonly KrylovSpace<T> rightBasis = new(extents.Unknowns);
    private readonly double relative = method.RelativeTolerance ?? (typeof(T) == typeof(float) ? 1e-5 : 1e-10);
    private double tolerance;
    private double matrixNorm;

    /// <summary>x as far as it is known.</summary>
    public ReadOnlySpan<T> Solution => unknowns[0];

    /// <summary>Solves from a start (zero if it is empty).</summary>
    public LinearReport Solve(ReadOnlySpan<T> b, ReadOnlySpan<T> start)
    {
        tolerance = Math.Max(method.AbsoluteTolerance, relative * Vectors.Norm(b));
        int limit = method.MaxSteps ?? Math.Max(100, 10 * extents.Unknowns);
        Span<T> x = unknowns[0];
        Span<T> next = unknowns[1];
        Span<T> correction = unknowns[2];
        Span<T> residual = equations[0];
        Span<T> nextResidual = equations[1];
        x.Clear();
        b.CopyTo(residual);
        if (!start.IsEmpty)
        {
            start.CopyTo(x);
            Residual(b, x, residual);
        }
        ResidualSize now = Measure(residual);
        for (int steps = 0; ; )
        {
            if (!double.IsFinite(now.Size))
                return Report(LinearStatus.NonFinite, now, steps);
            if (now.IsSmall)
                return Report(LinearStatus.Success, now, steps);
            if (steps >= limit)
                return Report(LinearStatus.MaxStepsReached, now, steps);
            KrylovCycle cycle = Improve(residual, correction, limit - steps);
            steps += cycle.Steps;
            x.CopyTo(next);
            Vectors.Add(next, 1.0, correction);
            Residual(b, next, nextResidual);
            ResidualSize then = Measure(nextResidual);
            if (!double.IsFinite(then.Size))
                return Report(LinearStatus.NonFinite, then, steps);
            bool stands = !then.IsSmall && !(then.Size < (1.0 - LeastGain) * now.Size);
            if (then.IsSmall || then.Size < now.Size)
            {
                next.CopyTo(x);
                nextResidual.CopyTo(residual);
                now = then;
            }
            if (stands && steps < limit)
                return Report(cycle.BrokeDown ? LinearStatus.Breakdown : LinearStatus.Stagnated, now, steps);
        }
    }

    public void Dispose()
    {
        equations.Dispose();
        unknowns.Dispose();
        leftBasis.Dispose();
        rightBasis.Dispose();
    }

    private static LinearReport Report(LinearStatus status, ResidualSize size, int steps) =>
        new(status, size.Shown, size.Allowed, steps);

    private void Residual(ReadOnlySpan<T> b, ReadOnlySpan<T> x, Span<T> residual)
    {
        apply(x, residual);
        Vectors.Scale(residual, -1.0, residual);
        Vectors.Add(residual, 1.0, b);
    }

    /// <summary>How large a residual is: its norm, for least squares also how much of it could be taken off.</summary>
    private ResidualSize Measure(ReadOnlySpan<T> residual)
    {
        double norm = Vectors.Norm(residual);
        if (transposed is null || norm <= tolerance || !double.IsFinite(norm))
            return new(norm, norm, tolerance, norm <= tolerance);
        Span<T> gradient = unknowns[3];
        transposed(residual, gradient);
        double size = Vectors.Norm<T>(gradient);
        return matrixNorm > 0.0
            ? new(size, size / matrixNorm, relative * norm, size <= relative * matrixNorm * norm)
            : new(size, norm, tolerance, size == 0.0);
    }

    private KrylovCycle Improve(ReadOnlySpan<T> residual, Span<T> correction, int budget)
    {
        switch (method)
        {
            case LinearSolver.Cg:
                return ConjugateGradients.Run(apply, right, residual, correction, tolerance, budget, leftBasis);
            case LinearSolver.Lsmr:
                (KrylovCycle cycle, double norm) = LeastSquaresMinimalResiduals.Run(
                    apply,
                    transposed!,
                    residual,
                    correction,
                    (relative, tolerance),
                    budget,
                    leftBasis,
                    rightBasis
                );
                matrixNorm = Math.Max(matrixNorm, norm);
                return cycle;
            default:
                return Preconditioned(residual, correction, budget);
        }
    }

    /// <summary>A method that sees L·A·R and L·r, and finds R⁻¹·d.</summary>
    private KrylovCycle Preconditioned(ReadOnlySpan<T> residual, Span<T> correction, int budget)
    {
        ReadOnlySpan<T> right0 = residual;
        double allowed = tolerance;
        if (left is not null)
        {
            left(residual, equations[2]);
            right0 = equations[2];
            allowed *= Vectors.Norm(right0) / Vectors.Norm(residual);
        }
        KrylovCycle cycle = method is LinearSolver.Gmres gmres
            ? GeneralisedMinimalResiduals.Run(
                Product,
                right0,
                correction,
                allowed,
                Math.Min(gmres.Restart, budget),
                leftBasis
            )
            : StabilisedBiconjugateGradients.Run(Product, right0, correction, allowed, Math.Max(budget, 2), leftBasis);
        if (right is not null)
        {
            correction.CopyTo(unknowns[3]);
            right(unknowns[3], correction);
        }
        return cycle;

        void Product(ReadOnlySpan<T> x, Span<T> y)
        {
            ReadOnlySpan<T> inner = x;
            if (right is not null)
            {
                right(x, unknowns[3]);
                inner = unknowns[3];
            }
            Span<T> image = left is null ? y : equations[3];
            apply(inner, image);
            left?.Invoke(image, y);
        }
    }

    /// <summary>The size of a residual: the number that must fall, the one shown, what is allowed of it, and whether it is within that.</summary>
    private readonly record struct ResidualSize(double Size, double Shown, double Allowed, bool IsSmall);
}
