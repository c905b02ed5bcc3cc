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
    public static V Evenness<V>(int n, double* diagonal, long next)
        where V : unmanaged, ILanes<V, double>
    {
        (V least, V most) = Extremes<V>(n, diagonal, next);
        V ratio = least / most;
        return n == 0 ? V.Of(1.0) : ratio * ratio;
    }

    /// <summary>
    /// The lanes of an H = P + εI + G'ΩG in which a direction has little curvature or none: a pivot is small, or small beside what Ω made of others. The
    /// diagonal holds the inverses of the roots.
    /// </summary>
    public static ulong Flat<V>(int n, double* inverses, long next)
        where V : unmanaged, ILanes<V, double>
    {
        (V least, V most) = Extremes<V>(n, inverses, next);
        V ratio = least / most;
        V isLittle = V.Less(V.Of(1.0), V.Of(LeastCurvature) * most * most);
        return V.ToBits(isLittle | V.Less(ratio * ratio, V.Of(LeastBesideOmega)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (V Least, V Most) Extremes<V>(int n, double* diagonal, long next)
        where V : unmanaged, ILanes<V, double>
    {
        (V Least, V Most) extremes = (V.Of(double.PositiveInfinity), V.Of(0.0));
        for (int i = 0; i < n; i++, diagonal += next * V.Count)
        {
            V element = V.Load(diagonal);
            extremes = (V.Min(extremes.Least, element), V.Max(extremes.Most, element));
        }
        return extremes;
    }
}
