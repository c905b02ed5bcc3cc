using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The factor of the optimality conditions of one large problem over its active rows, and its units: what a derivative needs beside the data, which
/// are elsewhere. See <see cref="QpBlock"/> for what they mean.
/// </summary>
internal sealed unsafe class QpFactor
{
    private readonly HostBuffer memory;
    private readonly int[] places;

    /// <summary>Of a block that holds one problem.</summary>
    /// <param name="block">The problem.</param>
    /// <param name="isSymmetric">Whether its P is symmetric as it was given.</param>
    /// <param name="take">Memory for so many numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public QpFactor(QpBlock block, bool isSymmetric, Func<int, HostBuffer> take)
    {
        IsSymmetric = isSymmetric;
        Size = block.Size;
        (int n, int p) = (Size.N, Size.P);
        (places, General) = Active(block);
        memory = take(Length(Size, places.Length));
        Strips = (double*)memory.Pointer;
        Inverses = Strips + FactorStrips.Length(n);
        Reduced = Inverses + FactorStrips.Padded(n);
        Schur = Reduced + (n * p);
        Unit = Schur + (p * p);
        ResidualUnit = Unit + places.Length;
        FactorStrips.Pack(n, block.Lower, Strips, Inverses);
        Lanewise<Lane64>.Copy(n * p, block.Reduced, Reduced);
        Lanewise<Lane64>.Copy(p * p, block.Schur, Schur);
        for (int i = 0; i < places.Length; i++)
            (Unit[i], ResidualUnit[i]) = (block.Unit[places[i]], block.ResidualUnit[places[i]]);
        GC.KeepAlive(block);
    }

    /// <summary>Bytes from <see cref="Strips"/> on.</summary>
    public long Bytes => (long)memory.Length * sizeof(double);

    /// <summary>The extents of the whole problem.</summary>
    public QpSize Size { get; }

    public bool IsSymmetric { get; }

    /// <summary>Unknowns: x, y, and z of the active rows.</summary>
    public int Total => places.Length;

    /// <summary>Active rows that are general inequalities, which come first.</summary>
    public int General { get; }

    /// <summary>L of H, whose inverse diagonal is <see cref="Inverses"/>.</summary>
    public double* Strips { get; }

    public double* Inverses { get; }

    /// <summary>Y [n, p].</summary>
    public double* Reduced { get; }

    /// <summary>The Cholesky factor of Y'Y + εI [p, p].</summary>
    public double* Schur { get; }

    public double* Unit { get; }

    public double* ResidualUnit { get; }

    /// <summary>Where the unknowns stand among those of the whole problem.</summary>
    public ReadOnlySpan<int> Places => places;

    /// <summary>The unknowns that there are over active rows, and how many of those rows are general inequalities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (int[] Places, int General) Active(QpBlock block)
    {
        QpSize size = block.Size;
        int before = size.N + size.P;
        int count = before;
        for (int i = 0; i < size.Rows; i++)
            count += block.Live[i] != 0.0 ? 1 : 0;
        var places = new int[count];
        int next = 0;
        for (; next < before; next++)
            places[next] = next;
        int general = 0;
        for (int i = 0; i < size.Rows; i++)
        {
            if (block.Live[i] == 0.0)
                continue;
            places[next++] = before + i;
            general += i < size.M ? 1 : 0;
        }
        return (places, general);
    }

    /// <summary>Whole lines of memory, so that the next factor begins with one.</summary>
    private static int Length(QpSize size, int total) =>
        FactorStrips.Padded(
            FactorStrips.Length(size.N) + FactorStrips.Padded(size.N) + (size.P * (size.N + size.P)) + (2 * total)
        );
}
