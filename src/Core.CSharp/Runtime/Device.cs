using Implicit.Backends;
using Implicit.Backends.Cpu;
using Implicit.Graph;

namespace Implicit.Runtime;

/// <summary>Where values live and programs run.</summary>
internal sealed class Device(IBackend backend)
{
    /// <summary>How many kernels kept plans have together, each plan counting for some more.</summary>
    private const int MostKernels = 100_000;
    private const int KernelsPerPlan = 50;

    /// <summary>As many bytes that a plan keeps count as much as a kernel.</summary>
    private const int BytesPerKernel = 1024;

    /// <summary>The host's processor.</summary>
    public static readonly Device Cpu = new(new CpuBackend());

    public IBackend Backend { get; } = backend;

    /// <summary>Prepared plans by structure.</summary>
    public BoundedCache<Structure, PreparedPlan> Plans { get; } =
        new(
            MostKernels,
            structure => PreparedPlan.For(structure, backend),
            prepared =>
                prepared.Plan.Program.Kernels.Count
                + KernelsPerPlan
                + (int)(prepared.Plan.Program.KeptBytes / BytesPerKernel)
        );
}
