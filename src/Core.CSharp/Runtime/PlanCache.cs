using System.Collections.Concurrent;
using Implicit.Backends;
using Implicit.Graph;
using Implicit.Schedule;

namespace Implicit.Runtime;

/// <summary>
/// Plans by structure. It is bounded: when it is full, the half that was used longest ago is dropped, so that a program
/// which makes ever new structures does not grow.
/// </summary>
internal sealed class PlanCache(IBackend backend)
{
    private const int Capacity = 1024;

    private readonly ConcurrentDictionary<Structure, PreparedPlan> plans = new();
    private long clock;

    /// <summary>The prepared plan for a structure, made on first use.</summary>
    public PreparedPlan Get(Structure structure)
    {
        if (!plans.TryGetValue(structure, out PreparedPlan? plan))
            plan = Add(structure);
        plan.LastUse = Interlocked.Increment(ref clock);
        return plan;
    }

    private PreparedPlan Add(Structure structure)
    {
        if (plans.Count >= Capacity)
            DropOlderHalf();
        Plan plan = Plan.For(structure);
        return plans.GetOrAdd(structure, new PreparedPlan(plan, backend.Prepare(plan.Program)));
    }

    private void DropOlderHalf()
    {
        KeyValuePair<Structure, PreparedPlan>[] all = [.. plans];
        Array.Sort(all, (a, b) => a.Value.LastUse.CompareTo(b.Value.LastUse));
        foreach ((Structure structure, _) in all.AsSpan(0, all.Length / 2))
            plans.TryRemove(structure, out _);
    }
}

/// <summary>A plan together with what the backend made of it.</summary>
internal sealed class PreparedPlan(Plan plan, IExecutable executable)
{
    public Plan Plan { get; } = plan;

    public IExecutable Executable { get; } = executable;

    /// <summary>When the plan was last asked for, on the cache's clock.</summary>
    public long LastUse { get; set; }
}
