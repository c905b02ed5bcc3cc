using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>What the diagonals of Cholesky's factors tell of the matrices.</summary>
internal static unsafe class Pivots
{
    /// <summary>A pivot that is smaller may be no more than ε, 1e-8.</summary>
    private const double LeastCurvature = 1e-6;

    /// <summary>A pivot that is smaller beside the largest, about Ω = 1e8, may be no more than the rounding of that.</summary>
    private const double LeastBesideOmega = 1e-10;

    /// <summary>The least pivot beside the largest, of factors whose diagonals hold the roots or their inverses; 1 of a matrix without rows.</summary>
    /// <param name="n">The number of pivots.</param>
    /// <param name="diagonal">The first element.</param>
    /// <param name="next">How many elements on the next one is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Evenness<V>(int n, double* diagonal, long next)
        where V : unmanaged, ILanes<V, double>
    {
        if (n == 0)
            return V.Of(1.0);
        V least = V.Of(double.PositiveInfinity);
        V most = V.Of(0.0);
        for (int i = 0; i < n; i++, diagonal += next * V.Count)
        {
            V root = V.Load(diagonal);
            (least, most) = (V.Min(least, root), V.Max(most, root));
        }
        V ratio = least / most;
        return ratio * ratio;
    }

    /// <summary>
    /// The lanes of an H = P + εI + G'ΩG in which a direction has little curvature or none: a pivot is small, or small beside what Ω made of others. The
    /// diagonal holds the inverses of the roots.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Flat<V>(int n, double* inverses, long next)
        where V : unmanaged, ILanes<V, double>
    {
        V largest = V.Of(0.0);
        for (int i = 0; i < n; i++)
            largest = V.Max(largest, V.Load(inverses + (i * next * V.Count)));
        V isLittle = V.Less(V.Of(1.0), V.Of(LeastCurvature) * largest * largest);
        return V.ToBits(isLittle | V.Less(Evenness<V>(n, inverses, next), V.Of(LeastBesideOmega)));
    }
}
