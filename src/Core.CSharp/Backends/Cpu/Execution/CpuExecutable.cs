using System.Runtime.CompilerServices;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>A program as a flat array of prepared kernels. Runs may overlap: each has a frame of its own.</summary>
internal sealed class CpuExecutable : IExecutable
{
    private readonly PreparedKernel[] kernels;
    private readonly FrameLayout layout;
    private readonly Frame?[] idle = new Frame?[8];

    public CpuExecutable(Program program)
    {
        kernels = new PreparedKernel[program.Kernels.Count];
        for (int i = 0; i < kernels.Length; i++)
            kernels[i] = Preparation.Of(program.Kernels[i], program.Slots.Span);
        layout = new FrameLayout(program, kernels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ReadOnlySpan<Buffer> inputs, ReadOnlySpan<double> literals, Span<Buffer?> outputs)
    {
        Frame frame = Rent();
        frame.Begin(inputs, literals, outputs);
        try
        {
            foreach (PreparedKernel kernel in kernels)
                kernel.Run(frame);
        }
        finally
        {
            frame.End(outputs);
            Return(frame);
            // The kernels had pointers only.
            foreach (Buffer input in inputs)
                GC.KeepAlive(input);
            foreach (Buffer? output in outputs)
                GC.KeepAlive(output);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Frame Rent()
    {
        for (int i = 0; i < idle.Length; i++)
            if (idle[i] != null && Interlocked.Exchange(ref idle[i], null) is { } frame)
                return frame;
        return Create();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Return(Frame frame)
    {
        for (int i = 0; i < idle.Length; i++)
            if (idle[i] == null && Interlocked.CompareExchange(ref idle[i], frame, null) == null)
                return;
    }

    private Frame Create()
    {
        var frame = new Frame(layout);
        foreach (PreparedKernel kernel in kernels)
            kernel.Initialise(frame);
        return frame;
    }
}
