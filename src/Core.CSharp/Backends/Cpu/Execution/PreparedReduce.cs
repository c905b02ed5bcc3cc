using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>A reduction whose body is evaluated block by block.</summary>
internal abstract unsafe class PreparedReduce(ReduceParts parts) : PreparedLoop
{
    private const int ResultBytes = ReduceParts.MostResults * sizeof(long);

    protected ReduceParts Parts => parts;

    protected override BlockProgram Program => parts.Program;

    protected override long Extent => parts.Kept;

    protected override long Grain => 1;

    /// <summary>A block for results, and two for sums under way.</summary>
    public override int ScratchBytes => Program.ScratchBytes + (3 * ResultBytes);

    protected byte* Results(Room room, int number = 0) => room.Scratch + Program.ScratchBytes + (number * ResultBytes);

    /// <summary>The body's values at the points, one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected byte* Evaluate(Frame frame, Room room, long start, int count, int size)
    {
        byte* spare = Program.Spare(room.Scratch);
        Value values = Program.Evaluate(frame, room.State, start, count, spare);
        if (values.Step == 1)
            return values.Pointer;
        Elements.Copy(size, values, spare, count);
        return spare;
    }
}

/// <summary>Folds the rows of the domain, each in one piece or by the tree of its blocks.</summary>
internal sealed unsafe class RowReduce<TOp, V, T>(ReduceParts parts) : PreparedReduce(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private readonly bool wholeRows = parts.Program.BlockAt(0) >= parts.Reduced;

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
                    results[i] = InBlocks(frame, room, row + i);
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
            for (int i = 0; i < block; i++, values += reduced)
                results[done + i] = Reduction.Fold<TOp, V, T>(values, reduced);
            done += block;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T InBlocks(Frame frame, Room room, long row)
    {
        var tree = new Cascade<TOp, T>();
        long end = (row + 1) * Parts.Reduced;
        for (long start = end - Parts.Reduced; start < end; )
        {
            int count = (int)Math.Min(Program.BlockAt(start), end - start);
            tree.Add(Reduction.Fold<TOp, V, T>((T*)Evaluate(frame, room, start, count, sizeof(T)), count));
            start += count;
        }
        return tree.Result();
    }
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
