using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Solves items side by side in lanes where they are small, and one after the other by blocked algorithms where not, or where there are no
/// vectors to lie in. Which of the two depends on the extents and the machine alone, so an item has the same bits in every batch.
/// </summary>
internal static class QpSolver
{
    /// <summary>Up to this many variables eight problems stay in the nearer caches.</summary>
    private const int LargestInterleaved = 64;

    /// <summary>Up to this many numbers in the matrices of one problem.</summary>
    private const int MostInterleaved = 8192;

    public static QpResults Solve(QpInputs inputs, int items, QpOptions options, bool keepsRecord)
    {
        var batch = new Batch(inputs, items, options, keepsRecord);
        Run(inputs.Size, batch);
        return batch.Results!;
    }

    /// <summary>Does work the way that suits problems of a size.</summary>
    public static void Run(QpSize size, ILaneWork work) => VectorWidth.Run(new Fitting(size, work));

    private readonly struct Fitting(QpSize size, ILaneWork work) : IVectorWork
    {
        void IVectorWork.Run<D, F, L, B>()
        {
            if (LieSideBySide(size))
                work.SideBySide<D>();
            else
                work.OneByOne<D>();
        }
    }

    private sealed class Batch(QpInputs inputs, int items, QpOptions options, bool keepsRecord) : ILaneWork
    {
        public QpResults? Results { get; private set; }

        public void SideBySide<W>()
            where W : unmanaged, ILanes<W, double> => Solve<W, Interleaved<W>>();

        public void OneByOne<W>()
            where W : unmanaged, ILanes<W, double> => Solve<OneLane<double>, Blocked<W>>();

        private void Solve<V, D>()
            where V : unmanaged, ILanes<V, double>
            where D : struct, IDense<V>
        {
            QpRecord? record = keepsRecord ? new QpRecord(inputs.Size, items, V.Count) : null;
            Results = new QpResults(inputs.Size, items, record);
            new LaneGroup<V, D>(inputs, options, Results).Run(items);
        }
    }

    /// <summary>Whether problems of a size lie side by side.</summary>
    public static bool LieSideBySide(QpSize size) =>
        VectorWidth.Bits > 64
        && size.N <= LargestInterleaved
        && size.N * (size.N + (2 * size.P) + size.M) <= MostInterleaved;
}
