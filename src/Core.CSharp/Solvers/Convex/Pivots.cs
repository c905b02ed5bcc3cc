using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>What the diagonals of Cholesky's factors tell of the matrices.</summary>
internal static unsafe class Pivots
{
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
}
