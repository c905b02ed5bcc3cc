using Implicit.Backends;
using Implicit.Graph;
using Implicit.Schedule;

namespace Implicit.Runtime;

/// <summary>A structure, its plan, and what the backend made of it.</summary>
internal sealed record PreparedPlan(Structure Structure, Plan Plan, IExecutable Executable)
{
    /// <summary>Schedules a structure and prepares the program.</summary>
    public static PreparedPlan For(Structure structure, IBackend backend)
    {
        Plan plan = Plan.For(structure);
        return new PreparedPlan(structure, plan, backend.Prepare(plan.Program));
    }
}
