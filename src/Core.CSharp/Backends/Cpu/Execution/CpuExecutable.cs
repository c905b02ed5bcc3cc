using System.Runtime.CompilerServices;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A program as a flat array of prepared kernels. Runs may overlap: each has a frame of its own. A program that proves hot is turned into
/// machine code in the background, which gives the same bits.
/// </summary>
internal sealed class CpuExecutable : IExecutable, IThreadPoolWorkItem
{
    private readonly Program program;
    private readonly PreparedKernel[] kernels;
    private readonly Hotness hotness;
    private readonly FrameLayout layout;
    private readonly Frame?[] frames = new Frame?[8];

    /// <summary>What a run does: the kernels, until machine code takes the place of some.</summary>
    private volatile PreparedKernel[] steps;

    public CpuExecutable(Program program)
    {
        this.program = program;
        kernels = new PreparedKernel[program.Kernels.Count];
        for (int i = 0; i < kernels.Length; i++)
            kernels[i] = Preparation.Of(program.Kernels[i], program.Slots.Span);
        layout = new FrameLayout(program, kernels);
        hotness = new Hotness(kernels);
        steps = kernels;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ReadOnlySpan<Buffer> inputs, ReadOnlySpan<double> literals, Span<Buffer?> outputs)
    {
        if (hotness.IsReached())
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        Frame frame = Rent();
        try
        {
            frame.Begin(inputs, literals, outputs);
            foreach (PreparedKernel step in steps)
                step.Run(frame);
            frame.HandOver(outputs);
        }
        finally
        {
            frame.End();
            frame.Free();
            // The kernels had pointers only.
            foreach (Buffer input in inputs)
                GC.KeepAlive(input);
            foreach (Buffer? output in outputs)
                GC.KeepAlive(output);
        }
    }

    /// <summary>Whether machine code runs where there is any.</summary>
    public bool IsEmitted => steps != kernels;

    /// <summary>Emits machine code now: what the background does once the program is hot, and tests, which choose the width.</summary>
    public void Emit(int bits) => steps = Emission.Of(program, kernels, bits);

    /// <summary>Nobody waits for this one, and a plan that cannot be emitted is interpreted as before.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            Emit(Hotness.Width);
        }
        // On a thread of the pool whatever escaped would end the process.
        catch (Exception)
        {
            steps = kernels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Frame Rent()
    {
        foreach (Frame? frame in frames)
            if (frame != null && frame.TryTake())
                return frame;
        return Create();
    }

    /// <summary>A new frame, which is kept if there is room.</summary>
    private Frame Create()
    {
        var frame = new Frame(layout);
        foreach (PreparedKernel kernel in kernels)
            kernel.Initialise(frame);
        for (int i = 0; i < frames.Length; i++)
            if (Interlocked.CompareExchange(ref frames[i], frame, null) == null)
                break;
        return frame;
    }
}
