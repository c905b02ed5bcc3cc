namespace Implicit.Backends.Cpu;

/// <summary>Several kernels that run as one piece of machine code.</summary>
internal sealed unsafe class EmittedRun(RunCode code) : PreparedKernel
{
    public override void Run(Frame frame) => code(frame.Slots);
}
