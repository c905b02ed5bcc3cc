using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Folds columns side by side: the domain is walked with the kept axes innermost. The rows of a block are folded as a tree,
/// blocks into a partial result and every few of those into the result, which keeps rounding errors small.
/// </summary>
internal sealed unsafe class ColumnReduce<TOp, V, T>(ReduceParts parts) : PreparedReduce(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private const int BlocksPerPartial = 32;

    /// <summary>Whole rows that lie in one block are folded together: cutting them would change the order.</summary>
    protected override long Grain => Parts.Kept > ReduceParts.MostResults || Program.Plan.IsContiguous ? 1 : Parts.Kept;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Range(Frame frame, Room room, long start, long end)
    {
        for (int column = (int)start; column < end; )
        {
            int columns = Math.Min(Math.Min(Program.BlockAt(column), (int)end - column), ReduceParts.MostResults);
            if (Program.Plan.IsContiguous)
                InPlace(frame, room, column, columns);
            else
                Columns(frame, room, column, columns);
            Parts.Write(frame, column, columns, Results(room));
            column += columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InPlace(Frame frame, Room room, int column, int columns)
    {
        T* values = (T*)Evaluate(frame, room, column, columns, sizeof(T));
        ColumnFolds.FoldRows<TOp, V, T>(values, Parts.Reduced, Parts.Kept, (T*)Results(room), columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Columns(Frame frame, Room room, int column, int columns)
    {
        T* result = (T*)Results(room);
        T* partial = (T*)Results(room, 1);
        int blocks = 0;
        bool isFirst = true;
        for (int row = 0; row < Parts.Reduced; )
        {
            row += Block(frame, room, row, column, columns, blocks == 0 ? null : partial, partial);
            if (++blocks < BlocksPerPartial && row < Parts.Reduced)
                continue;
            Merge(isFirst ? null : result, partial, result, columns);
            isFirst = false;
            blocks = 0;
        }
    }

    /// <summary>Folds the rows that a block holds with what there is already; gives their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Block(Frame frame, Room room, int row, int column, int columns, T* before, T* target)
    {
        long start = ((long)row * Parts.Kept) + column;
        // Only whole rows can lie in a block one after the other.
        int rows = columns == Parts.Kept ? Math.Max(1, Program.BlockAt(start) / columns) : 1;
        T* values = (T*)Evaluate(frame, room, start, rows * columns, sizeof(T));
        T* folded = values;
        if (rows > 1)
        {
            folded = (T*)Results(room, 2);
            ColumnFolds.FoldRows<TOp, V, T>(values, rows, columns, folded, columns);
        }
        Merge(before, folded, target, columns);
        return rows;
    }

    /// <summary>Begins with the neutral element as every other way does: −0 alone would stay what 0 + −0 is not.</summary>
    private static void Merge(T* before, T* values, T* target, int count)
    {
        T neutral = TOp.Neutral<T>();
        bool isFirst = before == null;
        Elementwise.Binary<TOp, V, T>(isFirst ? &neutral : before, isFirst ? 0 : 1, values, 1, target, count);
    }
}
