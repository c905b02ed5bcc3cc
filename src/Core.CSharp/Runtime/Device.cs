using Implicit.Backends;
using Implicit.Backends.Cpu;
using Implicit.Graph;

namespace Implicit.Runtime;

/// <summary>Where values live and programs run.</summary>
internal sealed class Device(IBackend backend)
{
    private const int MostPlans = 1024;

    /// <summary>The host's processor.</summary>
    public static readonly Device Cpu = new(new CpuBackend());

    public IBackend Backend { get; } = backend;

    /// <summary>Prepared plans by structure.</summary>
    public BoundedCache<Structure, PreparedPlan> Plans { get; } =
        new(MostPlans, structure => PreparedPlan.For(structure, backend));
}
