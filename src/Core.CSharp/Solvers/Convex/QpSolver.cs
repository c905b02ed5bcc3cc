using System.Runtime.Intrinsics;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Solves items side by side in lanes where they are small, and one after the other by blocked algorithms where not. Which of the two depends
/// on the extents alone, so an item has the same bits in every batch.
/// </summary>
internal static class QpSolver
{
    /// <summary>Up to this many variables eight problems stay in the nearer caches.</summary>
    private const int LargestInterleaved = 64;

    /// <summary>Up to this many numbers in the matrices of one problem.</summary>
    private const int MostInterleaved = 8192;

    public static QpResults Solve(QpInputs inputs, int items, QpOptions options, bool keepsRecord)
    {
        var results = new QpResults(inputs.Size, items, keepsRecord);
        if (Vector512.IsHardwareAccelerated)
            Run<Lanes512<double>>(inputs, items, options, results);
        else if (Vector256.IsHardwareAccelerated)
            Run<Lanes256<double>>(inputs, items, options, results);
        else
            Run<Lanes128<double>>(inputs, items, options, results);
        return results;
    }

    private static void Run<W>(QpInputs inputs, int items, QpOptions options, QpResults results)
        where W : unmanaged, ILanes<W, double>
    {
        if (IsSmall(inputs.Size))
            new LaneGroup<W, Interleaved<W>>(inputs, options, results).Run(0, items);
        else
            new LaneGroup<Lane64, Blocked<W>>(inputs, options, results).Run(0, items);
    }

    private static bool IsSmall(QpSize size) =>
        size.N <= LargestInterleaved && size.N * (size.N + (2 * size.P) + size.M) <= MostInterleaved;
}
