using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The dual of a strictly convex program, of which only the multipliers λ of its rows are left: s = K·λ − r with C = [A; G; −I; I], P = LLᵀ, V = L⁻¹C',
/// K = V'V and r = V'·t − c, where t = −L⁻¹q leads to the minimiser without constraints; x = L⁻ᵀ·(t − V·λ).
/// </summary>
internal sealed unsafe class DualProgram<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private readonly Embedding<V, D> at;
    private readonly Scratch scratch = new(V.Count);
    private readonly int n;

    /// <summary>t and V·λ.</summary>
    private readonly double* free;
    private readonly double* pull;

    public DualProgram(Embedding<V, D> at)
    {
        this.at = at;
        n = at.Block.Size.N;
        Rows = P + at.Block.Size.Rows;
        Reduced = scratch.Take(n * Rows);
        Gram = scratch.Take(Rows * Rows);
        Right = scratch.Take(Rows);
        free = scratch.Take(n);
        pull = scratch.Take(n);
    }

    /// <summary>Equalities and inequalities.</summary>
    public int Rows { get; }

    /// <summary>V [n, rows].</summary>
    public double* Reduced { get; }

    /// <summary>K [rows, rows], of which one triangle is there.</summary>
    public double* Gram { get; }

    /// <summary>r.</summary>
    public double* Right { get; }

    private static int Step => V.Count;

    private int P => at.Block.Size.P;

    /// <summary>Sets it up for the block's data, whose factor is that of P.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prepare()
    {
        QpBlock block = at.Block;
        QpSize size = block.Size;
        // G lies behind A.
        Transpose(P + size.M, block.Equalities);
        PutBounds(P + size.M, size.LowerRows, -1.0);
        PutBounds(P + size.M + size.LowerRows, size.UpperRows, 1.0);
        D.ForwardColumns(n, Rows, block.Lower, Reduced);
        Lanewise<V>.Fill(Rows * Rows, 0.0, Gram);
        D.AddGram(n, Rows, Reduced, null, Gram, null);
        Lanewise<V>.Scale(n, V.Of(-1.0), at.Constants, free);
        D.Forward(Sides.One, n, block.Lower, free);
        Lanewise<V>.Scale(Rows, V.Of(-1.0), at.Constants + (n * Step), Right);
        D.AddTransposedTimes(Sides.One, n, Rows, Reduced, free, Right);
    }

    /// <summary>s of λ.</summary>
    public void Slack(double* multipliers, double* slack)
    {
        D.Times(Sides.One, n, Rows, Reduced, multipliers, pull, adds: false);
        Lanewise<V>.Scale(Rows, V.Of(-1.0), Right, slack);
        D.AddTransposedTimes(Sides.One, n, Rows, Reduced, pull, slack);
    }

    /// <summary>x of the λ that s was asked for last, in the lanes of a mask.</summary>
    public void Primal(V mask, double* x)
    {
        Lanewise<V>.Scale(n, V.Of(-1.0), pull, pull);
        Lanewise<V>.Add(n, V.Of(1.0), free, pull);
        D.Backward(Sides.One, n, at.Block.Lower, pull);
        Lanewise<V>.Copy(n, mask, pull, x);
        GC.KeepAlive(this);
    }

    /// <summary>The first columns of C'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(int count, double* from)
    {
        long next = (long)Rows * Step;
        for (int i = 0; i < count; i++)
        {
            double* to = Reduced + (i * Step);
            for (double* end = from + ((long)n * Step); from < end; from += Step, to += next)
                V.Store(V.Load(from), to);
        }
    }

    /// <summary>±I in the columns of bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PutBounds(int first, int count, double sign)
    {
        for (int j = 0; j < n; j++)
        {
            double* row = Reduced + (((long)j * Rows) + first) * Step;
            Lanewise<V>.Fill(count, 0.0, row);
            if (count > 0)
                V.Store(V.Of(sign), row + (j * Step));
        }
    }
}
