using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Whether P is positive semidefinite: whether P, or else P + δI with a small δ, has a Cholesky factor.</summary>
/// <param name="at">The problems.</param>
/// <param name="tolerance">δ beside the largest diagonal element.</param>
internal sealed unsafe class Convexity<V, D>(Embedding<V, D> at, double tolerance)
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>What δ is beside no diagonal at all.</summary>
    private const double SmallestShift = 1e-12;

    /// <summary>Beside the largest, a pivot of so little is one that was 0 before rounding.</summary>
    private const double LeastPivot = 1e-13;

    /// <summary>
    /// A point that is so many times larger than the data beside P comes of rounding where P is singular: it lies along what P does not see, and residuals beside
    /// it say nothing.
    /// </summary>
    private const double Lost = 1e6;

    /// <summary>How large a point may be; infinite where P is not singular.</summary>
    public V MostOfPoint { get; private set; } = V.Of(double.PositiveInfinity);

    /// <summary>The lanes whose P has no factor itself, or one of rounding, so that the block has that of a shifted one.</summary>
    public ulong Shifted { get; private set; }

    private QpSize Size => at.Block.Size;

    private static int Step => V.Count;

    /// <summary>Gives the lanes where P has an eigenvalue that is negative beyond what the data's rounding explains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Concave()
    {
        int n = Size.N;
        if (!Size.IsQuadratic)
            return 0;
        Shifted = Factor(V.Of(0.0));
        Shifted |= V.ToBits(V.Less(Pivots.Evenness<V>(n, at.Block.Lower, n + 1), V.Of(LeastPivot)));
        MostOfPoint = V.Of(double.PositiveInfinity);
        if (Shifted == 0)
            return 0;
        V largest = V.Of(0.0);
        for (int i = 0; i < n; i++)
            largest = V.Max(largest, V.Abs(V.Load(at.Block.Quadratic + (((long)i * n) + i) * Step)));
        V data = V.Max(V.Of(1.0), Lanewise<V>.Largest(Size.Total, at.Constants));
        V unit = V.Min(V.Of(1.0), V.Max(largest, V.Of(SmallestShift)));
        MostOfPoint = V.Select(V.FromBits(Shifted), V.Of(Lost) / unit * data, MostOfPoint);
        V shift = V.MultiplyAdd(V.Of(tolerance), largest, V.Of(SmallestShift));
        return Factor(V.Select(V.FromBits(Shifted), shift, V.Of(0.0)));
    }

    /// <summary>The factor of P with a shifted diagonal, in the block's place for that of H; gives the lanes that have none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Factor(V shift)
    {
        int n = Size.N;
        double* h = at.Block.Lower;
        Lanewise<V>.Copy(n * n, at.Block.Quadratic, h);
        for (int i = 0; i < n; i++)
        {
            double* diagonal = h + (((long)i * n) + i) * Step;
            V.Store(V.Load(diagonal) + shift, diagonal);
        }
        return D.Cholesky(n, h);
    }
}
