using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>A reduction whose body is evaluated block by block.</summary>
internal abstract unsafe class PreparedReduce(ReduceParts parts) : PreparedLoop
{
    // Not a multiple of 4096: equal places in two blocks would share a set of the first cache.
    private const int ResultBytes = (ReduceParts.MostResults * sizeof(long)) + Pool.Alignment;

    protected ReduceParts Parts => parts;

    protected override BlockProgram Program => parts.Program;

    protected override long Extent => parts.Kept;

    protected override long Grain => 1;

    public override long ScratchBytes => Program.ScratchBytes + (ResultBlocks * ResultBytes);

    /// <summary>A block for results, and some for those under way.</summary>
    protected virtual int ResultBlocks => 1;

    protected byte* Results(Room room, int number = 0) => room.Scratch + Program.ScratchBytes + (number * ResultBytes);

    /// <summary>The body's values at the points, one after the other: in a register that the body does not use, unless they are in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected byte* Evaluate(Frame frame, Room room, long start, int count, int size) =>
        Evaluate(frame, room, start, count, size, Program.Spare(room.Scratch));

    /// <summary>The body's values at the points, one after the other: in the target, unless they are in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected byte* Evaluate(Frame frame, Room room, long start, int count, int size, byte* target)
    {
        Value values = Program.Evaluate(frame, room.State, start, count, target);
        if (values.Step == 1)
            return values.Pointer;
        Elements.Copy(size, values, target, count);
        return target;
    }
}

/// <summary>A reduction that folds what lies in a block, and these results as a tree.</summary>
internal abstract unsafe class BlockReduce<TOp, V, T>(ReduceParts parts) : PreparedReduce(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    /// <summary>What lies in memory needs no blocks, but threads that share a fold do.</summary>
    protected const int MostPerFold = 8192;

    protected static int BlockAt(BlockProgram program, long start) => Math.Min(program.BlockAt(start), MostPerFold);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected T InBlocks(Frame frame, Room room, long start, long end)
    {
        var tree = new Cascade<TOp, T>();
        while (start < end)
        {
            int count = (int)Math.Min(BlockAt(Program, start), end - start);
            tree.Add(Reduction.Fold<TOp, V, T>((T*)Evaluate(frame, room, start, count, sizeof(T)), count));
            start += count;
        }
        return tree.Result();
    }
}

/// <summary>Folds the rows of the domain, each in one piece or by the tree of its blocks.</summary>
internal sealed unsafe class RowReduce<TOp, V, T>(ReduceParts parts) : BlockReduce<TOp, V, T>(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private readonly bool wholeRows = BlockAt(parts.Program, 0) >= parts.Reduced;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Range(Frame frame, Room room, long start, long end)
    {
        T* results = (T*)Results(room);
        for (long row = start; row < end; row += ReduceParts.MostResults)
        {
            int rows = (int)Math.Min(ReduceParts.MostResults, end - row);
            if (Parts.Reduced == 0)
                new Span<T>(results, rows).Fill(TOp.Neutral<T>());
            else if (wholeRows)
                Whole(frame, room, row, rows, results);
            else
                for (int i = 0; i < rows; i++)
                    results[i] = InBlocks(frame, room, (row + i) * Parts.Reduced, (row + i + 1) * Parts.Reduced);
            Parts.Write(frame, row, rows, (byte*)results);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Whole(Frame frame, Room room, long row, int rows, T* results)
    {
        int reduced = Parts.Reduced;
        for (int done = 0; done < rows; )
        {
            long start = (row + done) * reduced;
            int block = (int)Math.Min(Program.BlockAt(start) / reduced, rows - done);
            T* values = (T*)Evaluate(frame, room, start, block * reduced, sizeof(T));
            Reduction.FoldRows<TOp, V, T>(values, reduced, results + done, block);
            done += block;
        }
    }
}

/// <summary>
/// Folds many points to one number. Threads share runs of blocks; a run is a branch of the tree of all blocks, so the result is the one that
/// <see cref="RowReduce{TOp, V, T}"/> gives for a row.
/// </summary>
internal sealed unsafe class TotalReduce<TOp, V, T>(ReduceParts parts) : BlockReduce<TOp, V, T>(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    /// <summary>A power of two, or a run would not be a branch.</summary>
    private const int BlocksPerRun = 16;

    private readonly int run = RunOf(parts);

    protected override long Extent => (Parts.Reduced + (long)run - 1) / run;

    /// <summary>The results of the runs lie behind the program's state.</summary>
    public override int StateBytes => Program.StateBytes + ((int)Extent * sizeof(T));

    /// <summary>Whether there is one result, of several runs, and blocks are cut by their length alone.</summary>
    public static bool Fits(ReduceParts parts) =>
        parts.Kept == 1 && parts.Program.Plan.Row >= parts.Reduced && parts.Reduced > RunOf(parts);

    public override void Run(Frame frame)
    {
        base.Run(frame);
        var tree = new Cascade<TOp, T>();
        foreach (T part in new Span<T>(RunsIn(frame), (int)Extent))
            tree.Add(part);
        T result = tree.Result();
        Parts.Write(frame, 0, 1, (byte*)&result);
    }

    protected override void Range(Frame frame, Room room, long start, long end)
    {
        for (long i = start; i < end; i++)
            RunsIn(frame)[i] = InBlocks(frame, room, i * run, Math.Min((i + 1) * run, Parts.Reduced));
    }

    private static int RunOf(ReduceParts parts) =>
        parts.Program.Plan.IsInMemory ? MostPerFold : BlocksPerRun * parts.Program.Plan.Grain;

    private T* RunsIn(Frame frame) => (T*)(frame.State + StateOffset + Program.StateBytes);
}

/// <summary>Finds the position of each row's extreme: the first of equals, that of the first NaN if there is one.</summary>
internal sealed unsafe class ArgReduce<TOp, V, T>(ReduceParts parts) : PreparedReduce(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Range(Frame frame, Room room, long start, long end)
    {
        long* results = (long*)Results(room);
        for (long row = start; row < end; row += ReduceParts.MostResults)
        {
            int rows = (int)Math.Min(ReduceParts.MostResults, end - row);
            for (int i = 0; i < rows; i++)
                results[i] = Position(frame, room, row + i);
            Parts.Write(frame, row, rows, (byte*)results);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Position(Frame frame, Room room, long row)
    {
        long first = row * Parts.Reduced;
        long end = first + Parts.Reduced;
        long position = -1;
        T best = default;
        for (long start = first; start < end; )
        {
            int count = (int)Math.Min(Program.BlockAt(start), end - start);
            nint at = Reduction.IndexOfExtreme<TOp, V, T>(
                (T*)Evaluate(frame, room, start, count, sizeof(T)),
                count,
                out T x
            );
            if (position < 0 || Beats(x, best))
            {
                position = start - first + at;
                best = x;
            }
            start += count;
        }
        return position;
    }

    private static bool Beats(T x, T best) =>
        !T.IsNaN(best) && (T.IsNaN(x) || (x != best && TOp.Combine(best, x) == x));
}
