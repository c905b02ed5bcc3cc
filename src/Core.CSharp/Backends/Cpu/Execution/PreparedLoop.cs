using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>A loop over a body's values. A long one is cut into ranges for several threads, each with room of its own.</summary>
internal abstract unsafe class PreparedLoop : PreparedKernel
{
    public override long ScratchBytes => Program.ScratchBytes;

    public override int StateBytes => Program.StateBytes;

    public override double Saving => Program.Plan.Cost.Saving;

    protected abstract BlockProgram Program { get; }

    /// <summary>What is cut: points, or results.</summary>
    protected abstract long Extent { get; }

    /// <summary>Where it may be cut without changing a result: at multiples of this.</summary>
    protected abstract long Grain { get; }

    public override void Emit(int bits) => Program.Emit(bits);

    public override void Initialise(Frame frame) => Program.Initialise(frame.State + StateOffset, frame.Scratch);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Frame frame)
    {
        int parts = Extent > Grain ? Workers.PartsFor(Program.Plan.Cost.Run) : 1;
        if (parts > 1)
        {
            Job job = new(this, frame);
            Workers.Run(parts, ref job);
            return;
        }
        Begin(frame);
        Range(frame, 0, Extent);
    }

    /// <summary>What is done once per run, before the first range.</summary>
    public void Begin(Frame frame) => Program.Begin(frame, frame.State + StateOffset);

    /// <summary>Computes a part of the extent on the calling thread, in the frame's own room.</summary>
    public void Range(Frame frame, long start, long end) =>
        Range(frame, new Room(frame.State + StateOffset, frame.Scratch), start, end);

    /// <summary>Computes a part of the extent.</summary>
    protected abstract void Range(Frame frame, Room room, long start, long end);

    /// <summary>Memory of the program that only one thread uses.</summary>
    protected readonly struct Room(byte* state, byte* scratch)
    {
        public readonly byte* State = state;
        public readonly byte* Scratch = scratch;
    }

    private readonly struct Job(PreparedLoop loop, Frame frame) : IJob
    {
        public void Run(int part, int parts)
        {
            long start = Workers.Start(loop.Extent, loop.Grain, part, parts);
            long end = Workers.Start(loop.Extent, loop.Grain, part + 1, parts);
            if (start == end)
                return;
            using Workspace<byte> memory = new((nint)loop.ScratchBytes + loop.StateBytes);
            Room room = new(memory.Pointer + loop.ScratchBytes, memory.Pointer);
            loop.Program.Initialise(room.State, room.Scratch);
            loop.Program.Begin(frame, room.State);
            loop.Range(frame, room, start, end);
        }
    }
}
