using System.Numerics;
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
    private readonly Scaling<V, D> scaling;
    private readonly Convexity<V, D> convexity;
    private readonly BlockPivoting<V, D>? pivoting;
    private readonly Start<V, D> start;
    private readonly PredictorCorrector<V, D> steps;
    private readonly Checkpoint<V, D> checkpoint;
    private readonly Polish<V, D> polish;
    private readonly SolutionWriter<V, D> writer;
    private readonly Assessment[] assessments = new Assessment[V.Count];
    private readonly LaneState[] states = new LaneState[V.Count];

    /// <summary>x, y, z and s of the best point of each lane, with τ = 1.</summary>
    private readonly double* bestPoint;
    private readonly double* bestSlack;

    public LaneGroup(QpInputs inputs, QpOptions options, QpResults results)
    {
        (this.inputs, this.options, this.results) = (inputs, options, results);
        at = new Embedding<V, D>(new QpBlock(Size, V.Count));
        loader = new Loader<V, D>(inputs, at);
        scaling = new Scaling<V, D>(at);
        convexity = new Convexity<V, D>(at, inputs.ConvexityTolerance);
        pivoting = BlockPivoting<V, D>.Suits(Size) ? new BlockPivoting<V, D>(at) : null;
        start = new Start<V, D>(at);
        steps = new PredictorCorrector<V, D>(at);
        checkpoint = new Checkpoint<V, D>(at);
        polish = new Polish<V, D>(at);
        writer = new SolutionWriter<V, D>(inputs, at);
        bestPoint = scratch.Take(Size.Total);
        bestSlack = scratch.Take(Size.Rows);
        for (int lane = 0; lane < states.Length; lane++)
            states[lane] = new LaneState(options, V.Count > 1 ? StepsToSearch : 0);
    }

    private QpSize Size => inputs.Size;

    /// <summary>Solves so many items.</summary>
    public void Run(int end)
    {
        int next = 0;
        while (true)
        {
            ulong running = Running;
            if (IsTimeToRefill(running, hasMore: next < end))
            {
                Finish();
                next = Refill(next, end);
                running = Running;
                if (next == end && Lanes(state => !state.IsFree) == 0)
                    break;
            }
            if (running == 0)
                continue;
            Check(running);
            running = Running;
            if (running != 0)
                Step(running);
        }
        GC.KeepAlive(this);
    }

    private ulong Running => Lanes(state => state.IsRunning);

    private static bool IsTimeToRefill(ulong running, bool hasMore) =>
        running == 0 || (hasMore && 2 * BitOperations.PopCount(running) <= V.Count);

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
        at.Evaluate();
        Assessment.Of(at, scaling.ObjectiveScale, inputs.Rounding, convexity.MostOfPoint, options, assessments);
        ulong better = 0;
        ulong proven = 0;
        foreach (int lane in new LaneBits(running))
        {
            (bool isBetter, bool isProof) = states[lane].Take(assessments[lane]);
            better |= isBetter ? 1UL << lane : 0;
            proven |= isProof ? 1UL << lane : 0;
        }
        checkpoint.Save(V.FromBits(Lanes(state => state.IsOnTrial) & running));
        V one = V.Of(1.0);
        // A certificate is a direction, whose length is chosen when it is written.
        V divisor = V.Select(V.FromBits(proven & ~better), one, V.Load(at.Tau));
        Keep(V.FromBits(better | proven), one / divisor);
    }

    /// <summary>Takes a step from the evaluated point.</summary>
    private void Step(ulong running)
    {
        at.Weigh();
        ulong failed = at.Kkt.Factor() & running;
        steps.Step(
            Lanes(state => state.NeedsRefinement) & running,
            V.FromBits(Lanes(state => state.Iterations == 0)),
            V.FromBits(Lanes(state => state.IsStalling))
        );
        V length = steps.Length;
        V remaining = steps.Remaining;
        foreach (int lane in new LaneBits(running))
            states[lane].Step(((double*)&length)[lane], ((double*)&remaining)[lane], (failed >> lane & 1) != 0);
    }

    /// <summary>Stores the points of a mask's lanes, times a factor, as their best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Keep(V mask, V factor)
    {
        for (int i = 0; i < Size.Total; i++)
            Lanewise<V>.Put(mask, factor * Lanewise<V>.Load(at.Point, i), bestPoint, i);
        for (int i = 0; i < Size.Rows; i++)
            Lanewise<V>.Put(mask, factor * Lanewise<V>.Load(at.Slack, i), bestSlack, i);
    }

    /// <summary>Polishes the items that wait, writes what became of those that have ended, and lets the others go on.</summary>
    private void Finish()
    {
        ulong waiting = Lanes(state => state.IsWaiting);
        if (waiting == 0)
            return;
        ulong hasPoint = Lanes(state => state.IsWaiting && state.HasPoint && !state.IsExact);
        ulong onTrial = Lanes(state => state.IsOnTrial);
        ulong searching = Lanes(state => state.Trial == Trial.Searching);
        if (hasPoint != 0)
            TakePolished(hasPoint & polish.Run(hasPoint, searching, ~onTrial, bestPoint, bestSlack));
        ulong resumed = Lanes(state => state.IsOnTrial);
        Write(waiting & ~resumed);
        Resume(resumed);
    }

    /// <summary>Polished points whose residuals are as small as allowed, or smaller than before, become the best.</summary>
    private void TakePolished(ulong polished)
    {
        Assess(V.FromBits(polished), polish.Point, polish.Slack);
        ulong taken = 0;
        foreach (int lane in new LaneBits(polished))
            if (states[lane].Polish(assessments[lane]))
                taken |= 1UL << lane;
        Keep(V.FromBits(taken), V.Of(1.0));
    }

    /// <summary>Assesses points with τ = 1 in the lanes of a mask.</summary>
    private void Assess(V mask, double* point, double* slack)
    {
        Lanewise<V>.Copy(Size.Total, mask, point, at.Point);
        Lanewise<V>.Copy(Size.Rows, mask, slack, at.Slack);
        Lanewise<V>.Put(mask, V.Of(1.0), at.Tau, 0);
        Lanewise<V>.Put(mask, V.Of(0.0), at.Kappa, 0);
        at.Evaluate();
        Assessment.Of(at, scaling.ObjectiveScale, inputs.Rounding, convexity.MostOfPoint, options, assessments);
    }

    /// <summary>Lanes whose trial failed go on where they stood; those that have not begun yet begin.</summary>
    private void Resume(ulong lanes)
    {
        ulong fresh = lanes & Lanes(state => state.Trial == Trial.Pivoting);
        if (fresh != 0)
            start.Run(fresh);
        checkpoint.Restore(V.FromBits(lanes & ~fresh));
        foreach (int lane in new LaneBits(lanes))
            states[lane].Resume();
    }

    private void Write(ulong lanes)
    {
        Span<int> kept = stackalloc int[V.Count];
        kept.Fill(-1);
        foreach (int lane in new LaneBits(lanes))
        {
            writer.Write(lane, states[lane], bestPoint, bestSlack, results);
            if (states[lane].HasPoint)
                kept[lane] = states[lane].Item;
            states[lane].Release();
        }
        if (results.Record is { } record && kept.ContainsAnyExcept(-1))
            Record(record, kept);
    }

    /// <summary>Keeps what derivatives need of the items in some lanes; −1 for none.</summary>
    private void Record(QpRecord record, ReadOnlySpan<int> items)
    {
        if (V.Count > 1)
            record.Keep(items, at.Block);
        else
            record.Keep(
                items[0],
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
        if (fresh != 0)
            Begin(fresh);
        return next;
    }

    /// <summary>Ends the items that are not convex, and begins the others.</summary>
    private void Begin(ulong lanes)
    {
        scaling.Run(lanes);
        ulong concave = convexity.Concave() & lanes;
        foreach (int lane in new LaneBits(concave))
        {
            results.Describe(states[lane].Item, QpStatus.NonConvex, 0, default, 0.0);
            states[lane].Release();
        }
        ulong convex = lanes & ~concave;
        ulong found = convex == 0 ? 0 : pivoting?.Run(convex, bestPoint, bestSlack) ?? 0;
        foreach (int lane in new LaneBits(found))
            states[lane].Try(Trial.Pivoting);
        if ((convex & ~found) != 0)
            start.Run(convex & ~found);
        if (V.Count == 1 && found != 0)
            AcceptIfExact();
    }

    /// <summary>Of a problem alone: block pivoting's solution may need no polishing.</summary>
    private void AcceptIfExact()
    {
        Assess(V.FromBits(1), bestPoint, bestSlack);
        if (assessments[0].Merit <= 1.0 && convexity.Shifted == 0 && pivoting!.IsExact())
            states[0].Accept(assessments[0]);
    }
}
