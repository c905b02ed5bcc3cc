using Implicit.Backends;
using Implicit.Backends.Cpu;

namespace Implicit.Runtime;

/// <summary>Where values live and programs run.</summary>
internal sealed class Device(IBackend backend)
{
    /// <summary>The host's processor.</summary>
    public static readonly Device Cpu = new(new CpuBackend());

    public IBackend Backend { get; } = backend;

    public PlanCache Plans { get; } = new(backend);
}
