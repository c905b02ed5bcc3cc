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

    /// <summary>Of a block that holds one problem, and the factor of its H, or of P if there is room to be made for the active rows.</summary>
    /// <param name="block">The problem.</param>
    /// <param name="isSymmetric">Whether its P is symmetric as it was given.</param>
    /// <param name="take">Memory for so many numbers.</param>
    /// <param name="hasRangeSpace">Whether it gets a <see cref="RangeSpace"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public QpFactor(QpBlock block, bool isSymmetric, Func<int, HostBuffer> take, bool hasRangeSpace = false)
    {
        IsSymmetric = isSymmetric;
        Size = block.Size;
        (int n, int p) = (Size.N, Size.P);
        (places, General) = ActiveOf(block);
        int count = places.Length - n;
        int ofRows = hasRangeSpace ? RangeSpace.Length(n, count) : FactorStrips.Padded(p * (n + p));
        int ofVariables = FactorStrips.Length(n) + FactorStrips.Padded(n);
        // Whole lines of memory, so that the next factor begins with one.
        memory = take(ofVariables + ofRows + FactorStrips.Padded(2 * places.Length));
        Strips = (double*)memory.Pointer;
        Inverses = Strips + FactorStrips.Length(n);
        Reduced = Strips + ofVariables;
        Schur = Reduced + (n * p);
        Unit = Reduced + ofRows;
        ResidualUnit = Unit + places.Length;
        FactorStrips.Pack(n, block.Lower, Strips, Inverses);
        if (hasRangeSpace)
            RangeSpace = new RangeSpace(n, count, Reduced);
        else
        {
            Lanewise<OneLane<double>>.Copy(n * p, block.Reduced, Reduced);
            Lanewise<OneLane<double>>.Copy(p * p, block.Schur, Schur);
        }
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

    /// <summary>Active rows.</summary>
    public int Active => Total - Size.N - Size.P;

    /// <summary>Active rows that are general inequalities, which come first.</summary>
    public int General { get; }

    /// <summary>The active rows beside a factor of P; null beside one of H.</summary>
    public RangeSpace? RangeSpace { get; }

    /// <summary>L of H, or of P, whose inverse diagonal is <see cref="Inverses"/>.</summary>
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
    private static (int[] Places, int General) ActiveOf(QpBlock block)
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
}
