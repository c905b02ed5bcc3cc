using System.Collections.Concurrent;
using Implicit.Backends;
using Implicit.Graph;
using Implicit.Schedule;

namespace Implicit.Runtime;

/// <summary>
/// Plans by structure. It is bounded, in plans and in their kernels: when it is full, those that were used longest ago are
/// dropped down to half, so that a program which makes ever new structures does not grow.
/// </summary>
internal sealed class PlanCache(IBackend backend)
{
    private const int Capacity = 1024;
    private const int KernelCapacity = 100_000;

    private readonly ConcurrentDictionary<Structure, PreparedPlan> plans = new();
    private long clock;
    private int kernels;

    /// <summary>How many plans are kept.</summary>
    public int Count => plans.Count;

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
        if (plans.Count >= Capacity || kernels >= KernelCapacity)
            DropOlder();
        Plan plan = Plan.For(structure);
        var prepared = new PreparedPlan(plan, backend.Prepare(plan.Program));
        if (!plans.TryAdd(structure, prepared))
            return plans.GetOrAdd(structure, prepared);
        Interlocked.Add(ref kernels, plan.Program.Kernels.Count);
        return prepared;
    }

    private void DropOlder()
    {
        KeyValuePair<Structure, PreparedPlan>[] all = [.. plans];
        Array.Sort(all, (a, b) => a.Value.LastUse.CompareTo(b.Value.LastUse));
        foreach ((Structure structure, _) in all)
        {
            if (plans.Count <= Capacity / 2 && kernels <= KernelCapacity / 2)
                return;
            if (plans.TryRemove(structure, out PreparedPlan? dropped))
                Interlocked.Add(ref kernels, -dropped.Plan.Program.Kernels.Count);
        }
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
