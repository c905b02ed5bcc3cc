using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

internal sealed class CpuBackend : IBackend
{
    public string Name => "cpu";

    public Buffer Allocate(DType dtype, int length) => throw new NotSupportedException();

    public IExecutable Prepare(Program program) => throw new NotSupportedException();
}
