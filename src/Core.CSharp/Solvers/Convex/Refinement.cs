using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Solves a system by its factor and by residuals of K itself, for at most so many unknowns.</summary>
internal sealed unsafe class Refinement<V>
    where V : unmanaged, ILanes<V, double>
{
    /// <summary>Refinement goes on while a step takes off this factor.</summary>
    private const double LeastGain = 1.5;

    /// <summary>A residual this small beside the right side needs no refinement.</summary>
    public const double RelativeFloor = 1e-13;
    private const int MostRefinements = 10;

    /// <summary>A residual this small beside the right side shows that the next correction takes it to rounding, unchecked.</summary>
    public const double Trusted = 1e-9;

    /// <summary>Beside u; a larger correction may be rounding that a direction without curvature amplifies, by up to 1/ε.</summary>
    private const double SmallCorrection = 1e-6;

    /// <summary>A residual this small, in scaled units, needs no refinement.</summary>
    public const double Absolute = 1e-12;

    private readonly IKktSystem system;
    private readonly Scratch scratch = new(V.Count);
    private readonly double* error;
    private readonly double* tried;
    private readonly double* triedError;

    public Refinement(IKktSystem system, int most)
    {
        this.system = system;
        error = scratch.Take(most);
        tried = scratch.Take(most);
        triedError = scratch.Take(most);
    }

    /// <summary>
    /// Solves for the lanes of a mask, refining until ‖r − K·u‖∞ ≤ 1e-13·‖r‖∞ or no more is gained. Other lanes' u is arbitrary.
    /// </summary>
    /// <returns>‖r − K·u‖∞, before the last correction where that was not checked.</returns>
    public V Solve(double* r, double* u, ulong lanes)
    {
        system.SolveRoughly(r, u);
        return Refine(r, u, lanes, absolute: 0.0, isGuarded: true);
    }

    /// <summary>Adds one correction to u.</summary>
    public void Correct(double* r, double* u)
    {
        system.Residual(r, u, error);
        system.SolveRoughly(error, tried);
        Lanewise<V>.Add(system.Total, V.Of(1.0), tried, u);
    }

    /// <summary>
    /// Improves u; gives what <see cref="Solve"/> does. Guarded, it takes no large correction unchecked, as it does for the directions of steps,
    /// of which the multipliers change by orders of magnitude.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public V Refine(double* r, double* u, ulong lanes, double absolute, bool isGuarded = false)
    {
        int total = system.Total;
        V size = Lanewise<V>.Largest(total, r);
        V allowed = V.MultiplyAdd(V.Of(RelativeFloor), size, V.Of(absolute));
        system.Residual(r, u, error);
        V norm = Lanewise<V>.Largest(total, error);
        ulong pending = lanes;
        for (int step = 0; step < MostRefinements; step++)
        {
            pending &= ~V.ToBits(V.LessOrEqual(norm, allowed));
            if (pending == 0)
                break;
            system.SolveRoughly(error, tried);
            V isTrusted = V.LessOrEqual(norm, V.Of(Trusted) * size);
            ulong last = pending & V.ToBits(isGuarded ? isTrusted & IsSmall(tried, u) : isTrusted);
            AddIn(V.FromBits(last), tried, u);
            pending &= ~last;
            if (pending == 0)
                break;
            Lanewise<V>.Add(total, V.Of(1.0), u, tried);
            system.Residual(r, tried, triedError);
            V next = Lanewise<V>.Largest(total, triedError);
            // A large correction of a small residual has to be worth it.
            V least = V.Select(isTrusted, V.Of(LeastGain), V.Of(1.0));
            V better = V.FromBits(pending) & V.Less(next * least, norm);
            Lanewise<V>.Copy(total, better, tried, u);
            Lanewise<V>.Copy(total, better, triedError, error);
            pending &= V.ToBits(V.Less(next * V.Of(LeastGain), norm));
            norm = V.Select(better, next, norm);
        }
        return norm;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V IsSmall(double* change, double* u)
    {
        int total = system.Total;
        return V.LessOrEqual(Lanewise<V>.Largest(total, change), V.Of(SmallCorrection) * Lanewise<V>.Largest(total, u));
    }

    /// <summary>u gains what was tried in the lanes of a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddIn(V mask, double* change, double* u)
    {
        int total = system.Total;
        for (int i = 0; i < total; i++)
            V.Store(Lanewise<V>.Load(u, i) + (Lanewise<V>.Load(change, i) & mask), u + (i * V.Count));
    }
}
