using Implicit.Backends;
using Implicit.Graph;
using Implicit.Schedule;

namespace Implicit.Runtime;

/// <summary>A plan together with what the backend made of it.</summary>
internal sealed record PreparedPlan(Plan Plan, IExecutable Executable)
{
    /// <summary>Schedules a structure and prepares the program.</summary>
    public static PreparedPlan For(Structure structure, IBackend backend)
    {
        Plan plan = Plan.For(structure);
        return new PreparedPlan(plan, backend.Prepare(plan.Program));
    }
}
