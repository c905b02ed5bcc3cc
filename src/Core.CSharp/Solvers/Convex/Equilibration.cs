using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Scales [P A' G'; A 0 0; G 0 0] so that the largest element of every row and column is near 1: D. Ruiz (2001), "A scaling algorithm to
/// equilibrate both rows and columns norms in matrices", as OSQP does it (Stellato et al. 2020, algorithm 2). All factors are powers of two,
/// so that scaling rounds nothing.
/// </summary>
internal sealed unsafe class Equilibration<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private const int Passes = 10;
    private const double LargestFactor = 1073741824.0;

    /// <summary>Norms within this factor of 1 are equal enough.</summary>
    private const double Tolerance = 2.0;

    private readonly Embedding<V, D> at;
    private readonly Scratch scratch = new(V.Count);

    /// <summary>The next factors of x, y and the general rows of z, and the norms that they come from.</summary>
    private readonly double* factors;
    private readonly double* norms;

    public Equilibration(Embedding<V, D> at)
    {
        this.at = at;
        factors = scratch.Take(Count);
        norms = scratch.Take(Count);
    }

    private int N => at.Block.Size.N;

    private int P => at.Block.Size.P;

    private int M => at.Block.Size.M;

    private int Count => N + P + M;

    private static int Step => V.Count;

    /// <summary>
    /// Scales the matrices in the lanes of a mask and leaves the others as they are. Fills in D, E and F of those lanes in the block's units,
    /// without 1/c and without the bounds' rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ulong lanes)
    {
        V mask = V.FromBits(lanes);
        ulong pending = lanes;
        for (int i = 0; i < Count; i++)
            V.Store(V.Of(1.0), factors + (i * Step));
        for (int i = 0; i < Count; i++)
            V.Store(V.Select(mask, V.Of(1.0), Lanewise<V>.Load(at.Block.Unit, i)), at.Block.Unit + (i * Step));
        for (int pass = 0; pass <= Passes; pass++)
        {
            Lanewise<V>.Fill(Count, 0.0, norms);
            Apply();
            pending &= Uneven();
            if (pass == Passes || pending == 0)
                break;
            Next(V.FromBits(pending));
        }
    }

    /// <summary>Multiplies the matrices by the factors, and finds the norms of what comes out.</summary>
    private void Apply()
    {
        double* equalities = factors + (N * Step);
        double* inequalities = equalities + (P * Step);
        double* equalityNorms = norms + (N * Step);
        double* inequalityNorms = equalityNorms + (P * Step);
        if (at.Block.Size.IsQuadratic)
            D.Scale(N, N, at.Block.Quadratic, factors, factors, norms, norms);
        D.Scale(P, N, at.Block.Equalities, equalities, factors, equalityNorms, norms);
        D.Scale(M, N, at.Block.Inequalities, inequalities, factors, inequalityNorms, norms);
    }

    /// <summary>The lanes with a norm that is far from 1; those of zeros count as 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Uneven()
    {
        ulong uneven = 0;
        for (int i = 0; i < Count; i++)
        {
            V norm = Lanewise<V>.Load(norms, i);
            V isFar = V.Less(V.Of(Tolerance), norm) | V.Less(norm, V.Of(1.0 / Tolerance)) & V.Less(V.Of(0.0), norm);
            uneven |= V.ToBits(isFar);
        }
        return uneven;
    }

    /// <summary>factor ← 1/√norm, as far as the product of all factors stays in its range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Next(V mask)
    {
        for (int i = 0; i < Count; i++)
        {
            V norm = Lanewise<V>.Load(norms, i);
            V factor = V.Select(V.Less(V.Of(0.0), norm), V.Of(1.0) / V.Sqrt(norm), V.Of(1.0));
            V old = Lanewise<V>.Load(at.Block.Unit, i);
            V product = V.Min(V.Max(PowerOfTwo(old * factor), V.Of(1.0 / LargestFactor)), V.Of(LargestFactor));
            V.Store(V.Select(mask, product, old), at.Block.Unit + (i * Step));
            V.Store(V.Select(mask, product / old, V.Of(1.0)), factors + (i * Step));
        }
    }

    /// <summary>The nearest power of two, by ratio, of a positive number.</summary>
    public static V PowerOfTwo(V x) => (x * V.Of(1.4142135623730951)) & V.OfBits(0x7FF0_0000_0000_0000, 0);
}
