using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>Runs programs on the processor, with managed code alone.</summary>
internal sealed class CpuBackend : IBackend
{
    public string Name => "cpu";

    public Buffer Allocate(DType dtype, int length) => HostBuffer.Allocate(dtype, length);

    public IExecutable Prepare(Program program) => new CpuExecutable(program);
}
