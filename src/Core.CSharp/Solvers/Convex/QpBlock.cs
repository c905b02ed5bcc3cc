using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Implicit.Runtime;
using Implicit.Shapes;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The scaled data of problems of one size and the factor of their optimality conditions, side by side: element i of the problem in lane k
/// lies at i·lanes + k, so that one vector instruction works on all of them.
/// </summary>
/// <remarks>
/// With x = D·x̂, y = E·ŷ/c, z = F·ẑ/c the scaled data are P̂ = c·DPD, q̂ = c·Dq, Â = EAD, b̂ = Eb, Ĝ = FGD, ĥ = Fh. Bounds are scaled with
/// F = D⁻¹, which leaves their rows −I and I.
/// </remarks>
internal sealed unsafe class QpBlock
{
    private readonly HostBuffer memory;
    private double* next;

    public QpBlock(QpSize size, int lanes)
    {
        (Size, Lanes) = (size, lanes);
        (int n, int p, int m) = (size.N, size.P, size.M);
        Length = Count(size, lanes);
        memory = (HostBuffer)Device.Cpu.Backend.Allocate(DType.Float64, Length * lanes);
        next = (double*)memory.Pointer;
        Quadratic = Take(size.IsQuadratic ? n * n : 0);
        Equalities = Take(p * n);
        Inequalities = Take(m * n);
        Lower = Take(n * n);
        Reduced = Take(n * p);
        Schur = Take(p * p);
        Unit = Take(size.Total);
        ResidualUnit = Take(size.Total);
        Omega = Take(size.Rows);
        Weight = Take(size.Rows);
        Live = Take(size.Rows);
    }

    public QpSize Size { get; }

    /// <summary>Problems side by side.</summary>
    public int Lanes { get; }

    /// <summary>Numbers per problem.</summary>
    public int Length { get; }

    /// <summary>All numbers.</summary>
    public double* Start => (double*)memory.Pointer;

    /// <summary>P̂ [n, n].</summary>
    public double* Quadratic { get; }

    /// <summary>Â [p, n].</summary>
    public double* Equalities { get; }

    /// <summary>Ĝ [m, n].</summary>
    public double* Inequalities { get; }

    /// <summary>L: LLᵀ = H = P̂ + εI + Ĝ'ΩĜ with the bounds' Ω on the diagonal; of a problem alone Lᵀ.</summary>
    public double* Lower { get; }

    /// <summary>Y = L⁻¹Â' [n, p].</summary>
    public double* Reduced { get; }

    /// <summary>The Cholesky factor of Y'Y + εI [p, p].</summary>
    public double* Schur { get; }

    /// <summary>What one of each scaled unknown x̂, ŷ, ẑ is in units of the data: D, E/c, F/c.</summary>
    public double* Unit { get; }

    /// <summary>What one of each residual of the data is in scaled units: c·D, E, F.</summary>
    public double* ResidualUnit { get; }

    /// <summary>Ω = (W + ε)⁻¹ of each row; 0 for rows that are not there.</summary>
    public double* Omega { get; }

    /// <summary>W = s/z of each row; 0 for equalities.</summary>
    public double* Weight { get; }

    /// <summary>1 for rows that count in the system, otherwise 0.</summary>
    public double* Live { get; }

    /// <summary>A block of zeros.</summary>
    public static QpBlock Zeros(QpSize size, int lanes)
    {
        var block = new QpBlock(size, lanes);
        block.memory.Clear();
        return block;
    }

    /// <summary>Copies one problem into a block of its own.</summary>
    public QpBlock Alone(int lane)
    {
        var alone = new QpBlock(Size, 1);
        CopyLane(lane, alone, 0);
        return alone;
    }

    /// <summary>Copies problems of some lanes, each to where its first number belongs in a block of as many lanes, in one way through them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyLanes(ReadOnlySpan<int> lanes, double** to)
    {
        double* from = Start;
        long end = (long)Length * Lanes;
        for (long i = 0; i < end; i += Lanes, from += Lanes)
        for (int k = 0; k < lanes.Length; k++)
            to[k][i] = from[lanes[k]];
        GC.KeepAlive(this);
    }

    /// <summary>Copies one problem into a lane of another block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyLane(int lane, QpBlock other, int otherLane)
    {
        double* from = Start + lane;
        double* to = other.Start + otherLane;
        for (int i = 0; i < Length; i++, from += Lanes, to += other.Lanes)
            *to = *from;
        GC.KeepAlive(this);
        GC.KeepAlive(other);
    }

    private static int Count(QpSize size, int lanes)
    {
        (long n, long p, long m) = (size.N, size.P, size.M);
        long count =
            ((size.IsQuadratic ? 2 : 1) * n * n) + (((2 * p) + m) * n) + (p * p) + (2L * size.Total) + (3L * size.Rows);
        if (count * lanes > int.MaxValue)
            Throw.Error(
                "qp",
                "the data of a problem and its factors must be fewer than 2^31 numbers",
                $"{n} variables, {p} equalities and {m} inequalities, which take {count}"
            );
        return (int)count;
    }

    private double* Take(int count)
    {
        double* start = next;
        next += (long)count * Lanes;
        return start;
    }
}
