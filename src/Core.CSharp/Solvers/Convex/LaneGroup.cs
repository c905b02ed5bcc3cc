using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Solves items in the lanes of a vector. An item that has ended is set aside at once, and when half of the lanes have ended they are polished
/// together and take new items. No number of an item ever meets one of another.
/// </summary>
internal sealed unsafe class LaneGroup<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>
    /// Problems in lanes search for their active sets after so many steps: then most searches succeed, and soon, so that few lanes wait for another.
    /// A problem alone searches at once.
    /// </summary>
    private const int StepsToSearch = 4;

    private readonly QpInputs inputs;
    private readonly QpOptions options;
    private readonly QpResults results;
    private readonly Scratch scratch = new(V.Count);
    private readonly Embedding<V, D> at;
    private readonly Loader<V, D> loader;
    private readonly BlockPivoting<V, D>? pivoting;
    private readonly Start<V, D> start;
    private readonly Polish<V, D> polish;
    private readonly Assessment[] assessments = new Assessment[V.Count];
    private readonly LaneState[] states = new LaneState[V.Count];
    private readonly double* bestPoint;
    private readonly double* bestSlack;
    private readonly double* trialPoint;
    private readonly double* trialSlack;
    private readonly double* trialScale;

    public LaneGroup(QpInputs inputs, QpOptions options, QpResults results)
    {
        (this.inputs, this.options, this.results) = (inputs, options, results);
        QpSize size = inputs.Size;
        at = new Embedding<V, D>(new QpBlock(size, V.Count));
        loader = new Loader<V, D>(inputs, at);
        pivoting = BlockPivoting<V, D>.Suits(size) ? new BlockPivoting<V, D>(at) : null;
        start = new Start<V, D>(at);
        polish = new Polish<V, D>(at);
        bestPoint = scratch.Take(size.Total);
        bestSlack = scratch.Take(size.Rows);
        trialPoint = scratch.Take(size.Total);
        trialSlack = scratch.Take(size.Rows);
        trialScale = scratch.Take(2);
        for (int lane = 0; lane < states.Length; lane++)
            states[lane] = new LaneState(options, V.Count > 1 ? StepsToSearch : 0);
    }

    private QpSize Size => inputs.Size;

    /// <summary>Solves a range of items.</summary>
    public void Run(int first, int end)
    {
        int next = first;
        while (true)
        {
            if (Lanes(state => state.IsRunning) is var running && IsTimeToRefill(running, next < end))
            {
                Finish();
                next = Refill(next, end);
                running = Lanes(state => state.IsRunning);
                if (running == 0 && next == end && Lanes(state => state.HasEnded) == 0)
                    break;
                if (running == 0)
                    continue;
            }
            at.Evaluate();
            Check(running);
            running = Lanes(state => state.IsRunning);
            if (running == 0)
                continue;
            at.Weigh();
            ulong failed = at.Kkt.Factor() & running;
            at.Advance(
                Lanes(state => state.NeedsRefinement) & running,
                V.FromBits(Lanes(state => state.Iterations == 0)),
                V.FromBits(Lanes(state => state.IsStalling))
            );
            V length = at.Length;
            V left = at.Left;
            for (int lane = 0; lane < V.Count; lane++)
                if ((running >> lane & 1) != 0)
                    states[lane].Step(((double*)&length)[lane], ((double*)&left)[lane], (failed >> lane & 1) != 0);
        }
        GC.KeepAlive(this);
    }

    private static bool IsTimeToRefill(ulong running, bool hasMore) =>
        running == 0 || (hasMore && 2 * System.Numerics.BitOperations.PopCount(running) <= V.Count);

    private ulong Lanes(Func<LaneState, bool> condition)
    {
        ulong bits = 0;
        for (int lane = 0; lane < states.Length; lane++)
            if (condition(states[lane]))
                bits |= 1UL << lane;
        return bits;
    }

    /// <summary>Assesses the running items, keeps their best points, and ends those that are done.</summary>
    private void Check(ulong running)
    {
        Assessment.Of(at, loader.CostScale, options, assessments);
        ulong better = 0;
        ulong proven = 0;
        for (int lane = 0; lane < V.Count; lane++)
        {
            if ((running >> lane & 1) == 0)
                continue;
            (bool isBetter, bool isProof) = states[lane].Take(assessments[lane]);
            better |= isBetter ? 1UL << lane : 0;
            proven |= isProof ? 1UL << lane : 0;
        }
        SetAside(Lanes(state => state.IsOnTrial) & running);
        V one = V.Of(1.0);
        V divisor = V.Select(V.FromBits(proven), one, V.Load(at.Tau));
        Keep(V.FromBits(better | proven), one / divisor, at.Point, at.Slack);
    }

    /// <summary>Stores the points of a mask's lanes as their best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Keep(V mask, V factor, double* point, double* slack)
    {
        for (int i = 0; i < Size.Total; i++)
            Put(mask, factor * Lanewise<V>.Load(point, i), bestPoint + (i * V.Count));
        for (int i = 0; i < Size.Rows; i++)
            Put(mask, factor * Lanewise<V>.Load(slack, i), bestSlack + (i * V.Count));
    }

    private static void Put(V mask, V value, double* to) => V.Store(V.Select(mask, value, V.Load(to)), to);

    /// <summary>Polishes the items that have ended and writes what became of them.</summary>
    private void Finish()
    {
        ulong ended = Lanes(state => state.HasEnded);
        if (ended == 0)
            return;
        ulong hasPoint = Lanes(state => state.HasEnded && state.HasPoint && !state.IsExact);
        ulong onTrial = Lanes(state => state.IsOnTrial);
        ulong searching = Lanes(state => state.IsSearching);
        if (hasPoint != 0)
            TakePolished(hasPoint, polish.Run(hasPoint, searching, ~onTrial, bestPoint, bestSlack));
        ulong resumed = Lanes(state => state.IsOnTrial);
        Write(ended & ~resumed);
        Resume(resumed);
    }

    /// <summary>Keeps where lanes stand, to go on from there if their trial fails.</summary>
    private void SetAside(ulong lanes)
    {
        V mask = V.FromBits(lanes);
        Lanewise<V>.Copy(Size.Total, mask, at.Point, trialPoint);
        Lanewise<V>.Copy(Size.Rows, mask, at.Slack, trialSlack);
        Lanewise<V>.Copy(1, mask, at.Tau, trialScale);
        Lanewise<V>.Copy(1, mask, at.Kappa, trialScale + V.Count);
    }

    /// <summary>Lanes whose trial failed go on where they stood; those that have not begun yet begin.</summary>
    private void Resume(ulong lanes)
    {
        ulong fresh = lanes & Lanes(state => !state.HasStarted);
        if (fresh != 0)
            start.Run(fresh);
        V mask = V.FromBits(lanes & ~fresh);
        Lanewise<V>.Copy(Size.Total, mask, trialPoint, at.Point);
        Lanewise<V>.Copy(Size.Rows, mask, trialSlack, at.Slack);
        Lanewise<V>.Copy(1, mask, trialScale, at.Tau);
        Lanewise<V>.Copy(1, mask, trialScale + V.Count, at.Kappa);
        for (int lane = 0; lane < V.Count; lane++)
            if ((lanes >> lane & 1) != 0)
                states[lane].Resume();
    }

    /// <summary>Polished points whose residuals are as small as allowed, or smaller than before, become the best.</summary>
    private void TakePolished(ulong hasPoint, ulong polished)
    {
        Assess(V.FromBits(polished & hasPoint), polish.Point, polish.Slack);
        ulong taken = 0;
        for (int lane = 0; lane < V.Count; lane++)
            if ((polished & hasPoint) >> lane is var bits && (bits & 1) != 0 && states[lane].Polish(assessments[lane]))
                taken |= 1UL << lane;
        Keep(V.FromBits(taken), V.Of(1.0), at.Point, at.Slack);
    }

    /// <summary>Assesses points with τ = 1 in the lanes of a mask.</summary>
    private void Assess(V mask, double* point, double* slack)
    {
        Lanewise<V>.Copy(Size.Total, mask, point, at.Point);
        Lanewise<V>.Copy(Size.Rows, mask, slack, at.Slack);
        V.Store(V.Select(mask, V.Of(1.0), V.Load(at.Tau)), at.Tau);
        V.Store(V.Select(mask, V.Of(0.0), V.Load(at.Kappa)), at.Kappa);
        at.Evaluate();
        Assessment.Of(at, loader.CostScale, options, assessments);
    }

    private void Write(ulong lanes)
    {
        Span<int> kept = stackalloc int[V.Count];
        kept.Fill(-1);
        for (int lane = 0; lane < V.Count; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            loader.Write(lane, states[lane], bestPoint, bestSlack, results);
            if (states[lane].HasPoint)
                kept[lane] = states[lane].Item;
            states[lane].Release();
        }
        if (results.Record is not { } record || !kept.ContainsAnyExcept(-1))
            return;
        if (V.Count > 1)
            record.Keep(kept, at.Block);
        else
            record.Keep(
                kept[0],
                states[0].IsExact
                    ? pivoting!.Factor(loader.IsSymmetric, record.Take)
                    : new QpFactor(at.Block, loader.IsSymmetric, record.Take)
            );
    }

    /// <summary>Gives free lanes the next items; returns the first that has none yet.</summary>
    private int Refill(int next, int end)
    {
        ulong fresh = 0;
        for (int lane = 0; lane < V.Count; lane++)
            while (next < end && states[lane].IsFree)
            {
                int item = next++;
                if (!inputs.AreValid(item))
                {
                    results.Describe(item, QpStatus.InvalidData, 0, default, 0.0);
                    continue;
                }
                loader.Load(lane, item);
                states[lane].Begin(item);
                fresh |= 1UL << lane;
            }
        if (fresh == 0)
            return next;
        ulong concave = loader.Prepare(fresh);
        for (int lane = 0; lane < V.Count; lane++)
            if ((concave >> lane & 1) != 0)
            {
                results.Describe(states[lane].Item, QpStatus.NonConvex, 0, default, 0.0);
                states[lane].Release();
            }
        Begin(fresh & ~concave);
        return next;
    }

    /// <summary>New items whose active set is found end on trial with what it leads to; the others get their first point.</summary>
    private void Begin(ulong lanes)
    {
        ulong found = lanes == 0 ? 0 : pivoting?.Run(lanes, bestPoint, bestSlack) ?? 0;
        for (int lane = 0; lane < V.Count; lane++)
            if ((found >> lane & 1) != 0)
                states[lane].Pivot();
        if ((lanes & ~found) != 0)
            start.Run(lanes & ~found);
        if (V.Count > 1 || found == 0)
            return;
        Assess(V.FromBits(found), bestPoint, bestSlack);
        if (assessments[0].Merit <= 1.0 && (loader.Shifted & found) == 0 && pivoting!.IsExact())
            states[0].Accept(assessments[0]);
    }
}
