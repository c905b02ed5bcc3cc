using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// What solves K·(x, λ) = (r, c) with K = [P C'; C 0] beside the factor of a definite P = LLᵀ (range-space method: J. Nocedal and S. J. Wright 2006,
/// "Numerical Optimization", §16.2): the rows V' = C·L⁻ᵀ, and the factor of V'V = C·P⁻¹·C'. With t = L⁻¹r it is V'V·λ = V't − c and x = L⁻ᵀ·(t − Vλ).
/// Nothing is regularised, so that no data are needed to refine what comes out.
/// </summary>
internal sealed unsafe class RangeSpace
{
    private readonly int n;
    private readonly int count;

    /// <summary>Where rows of V' begin, and the factor's strips.</summary>
    private readonly double** rows;
    private readonly double* strips;
    private readonly double* inverses;

    /// <param name="n">Variables.</param>
    /// <param name="count">Rows of C.</param>
    /// <param name="memory">Room for <see cref="Length"/> numbers.</param>
    public RangeSpace(int n, int count, double* memory)
    {
        (this.n, this.count) = (n, count);
        rows = (double**)memory;
        double* first = memory + FactorStrips.Padded(count);
        strips = first + (count * FactorStrips.Padded(n));
        inverses = strips + FactorStrips.Length(count);
        // Any row may stand for those that fill the last four.
        for (int k = 0; k < FactorStrips.Padded(count); k++)
            rows[k] = first + (k < count ? k * FactorStrips.Padded(n) : 0);
    }

    /// <summary>Numbers in it, whole lines of memory.</summary>
    public static int Length(int n, int count) =>
        (2 * FactorStrips.Padded(count)) + (count * FactorStrips.Padded(n)) + FactorStrips.Length(count);

    /// <summary>Puts down V' from some columns of a matrix [n, columns], and the factor (V'V = F'F) from its upper triangle F [count, count].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(double* matrix, int columns, ReadOnlySpan<int> chosen, double* upper)
    {
        int padded = FactorStrips.Padded(n);
        using Workspace<double> near = new(padded);
        Lanewise<OneLane<double>>.Fill(padded, 0.0, near.Pointer);
        for (int k = 0; k < chosen.Length; k++)
        {
            double* from = matrix + chosen[k];
            for (int j = 0; j < n; j++, from += columns)
                near.Pointer[j] = *from;
            Streaming.Copy(near.Pointer, rows[k], (nint)padded * sizeof(double));
        }
        FactorStrips.Pack(count, upper, strips, inverses);
    }

    /// <summary>(x, λ) from (r, c).</summary>
    /// <param name="lower">L in strips, whose inverse diagonal follows.</param>
    /// <param name="lowerInverses">The inverses.</param>
    /// <param name="right">(r, c).</param>
    /// <param name="solution">(x, λ).</param>
    /// <param name="left">Room for a padded vector of variables.</param>
    /// <param name="weights">Room for a padded vector of rows.</param>
    /// <param name="ahead">What is read next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Solve<W>(
        double* lower,
        double* lowerInverses,
        double* right,
        double* solution,
        double* left,
        double* weights,
        Prefetching ahead
    )
        where W : unmanaged, ILanes<W, double>
    {
        Lanewise<OneLane<double>>.Fill(FactorStrips.Padded(n), 0.0, left);
        Lanewise<OneLane<double>>.Copy(n, right, left);
        FactorStrips.Forward<W>(n, lower, lowerInverses, left, ahead);
        RowProducts<W>.Times(count, rows, n, left, weights, ahead);
        Lanewise<OneLane<double>>.Add(count, OneLane<double>.Of(-1.0), right + n, weights);
        Lanewise<OneLane<double>>.Fill(FactorStrips.Padded(count) - count, 0.0, weights + count);
        FactorStrips.Forward<W>(count, strips, inverses, weights, ahead);
        FactorStrips.Backward<W>(count, strips, inverses, weights, ahead);
        Lanewise<OneLane<double>>.Copy(count, weights, solution + n);
        Lanewise<OneLane<double>>.Scale(count, OneLane<double>.Of(-1.0), weights, weights);
        RowProducts<W>.AddTransposedTimes(count, rows, n, weights, left, ahead);
        FactorStrips.Backward<W>(n, lower, lowerInverses, left, ahead);
        Lanewise<OneLane<double>>.Copy(n, left, solution);
    }
}
