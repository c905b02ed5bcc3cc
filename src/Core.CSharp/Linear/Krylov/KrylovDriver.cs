using System.Numerics;
using Implicit.Control;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>
/// Solves the systems of a batch side by side: in each turn one product with the map that most of them wait for. A system that has ended leaves
/// the batch; those that go on do so as if alone.
/// </summary>
internal static class KrylovDriver
{
    /// <summary>Solves one system, or a batch of them.</summary>
    /// <param name="op">The solve.</param>
    /// <param name="plans">Its factors.</param>
    /// <param name="inputs">Right-hand sides, starts if there are any, captures.</param>
    /// <param name="solution">Receives the solutions.</param>
    /// <returns>How each ended.</returns>
    public static LinearReport[] Solve<T>(
        LinearSolveOp op,
        KrylovPlans plans,
        ReadOnlySpan<Buffer> inputs,
        Buffer solution
    )
        where T : unmanaged, INumber<T>
    {
        int count = op.Items?.Size ?? 1;
        (int equations, int unknowns) = (op.Operator.Equations, op.Operator.Unknowns);
        using var memory = new KrylovMemory<T>(count, equations, unknowns);
        var solves = new KrylovSolve<T>[count];
        for (int item = 0; item < count; item++)
        {
            solves[item] = new KrylovSolve<T>(op, memory, item);
            solves[item]
                .Begin(
                    inputs[0].Read<T>().Slice(item * equations, equations),
                    op.HasStart ? inputs[1].Read<T>().Slice(item * unknowns, unknowns) : []
                );
        }
        ReadOnlySpan<Buffer> captured = inputs[op.FirstCapture..];
        bool[] inRows = op.Items is { } batch ? [.. batch.Batched] : new bool[captured.Length];
        if (op.Solver is LinearSolver.Gmres { Richardson: { } factor })
            Richardson<T>.Begin(op, factor, plans, solves, captured, inRows);
        var captures = new ItemBuffers(captured, inRows, count);
        List<KrylovItem<T>> items = Unsolved(solves, captures);
        using var products = new KrylovProducts<T>(op, plans, captures);
        while (Retire(items, captures))
            products.Compute(MostAwaited(items), items);
        for (int item = 0; item < count; item++)
            solution.Write(solves[item].Finish(), item * unknowns);
        return [.. solves.Select(solve => solve.Report!)];
    }

    /// <summary>The items that have not ended yet; their rows become the first.</summary>
    private static List<KrylovItem<T>> Unsolved<T>(KrylovSolve<T>[] solves, ItemBuffers captures)
        where T : unmanaged, INumber<T>
    {
        int[] rows = [.. Enumerable.Range(0, solves.Length).Where(item => solves[item].Report is null)];
        if (rows.Length > 0)
            captures.Settle(rows);
        return [.. rows.Select(item => new KrylovItem<T>(item, solves[item]))];
    }

    /// <summary>Takes out the items that have ended, each of which leaves its row to the last one; whether any goes on.</summary>
    private static bool Retire<T>(List<KrylovItem<T>> items, ItemBuffers captures)
        where T : unmanaged, INumber<T>
    {
        int before = items.Count;
        for (int row = before - 1; row >= 0; row--)
            if (!items[row].IsRunning)
            {
                captures.Copy(items.Count - 1, row);
                items[row] = items[^1];
                items.RemoveAt(items.Count - 1);
            }
        if (items.Count > 0 && items.Count < before)
            captures.Settle([.. Enumerable.Range(0, items.Count)]);
        return items.Count > 0;
    }

    private static Factor MostAwaited<T>(List<KrylovItem<T>> items)
        where T : unmanaged, INumber<T>
    {
        Span<int> waiting = stackalloc int[4];
        foreach (KrylovItem<T> item in items)
            waiting[(int)item.Awaited]++;
        int most = 0;
        for (int factor = 1; factor < waiting.Length; factor++)
            most = waiting[factor] > waiting[most] ? factor : most;
        return (Factor)most;
    }
}
