using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Folds columns side by side: the domain is walked with the kept axes innermost. Rows are folded in the order of <see cref="ColumnFolds"/>,
/// however many of them a block holds. A long row is added to what is under way while it is evaluated, where there is machine code for that;
/// of short ones some blocks are evaluated before they are folded.
/// </summary>
internal sealed unsafe class ColumnReduce<TOp, V, T>(ReduceParts parts) : PreparedReduce(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    /// <summary>Bytes of the short rows that are evaluated before they are folded: they stay in the first cache.</summary>
    private const int WindowBytes = 8192;

    private readonly int depth = parts.Program.Plan.IsContiguous ? 1 : ColumnFolds.Depth(parts.Reduced);

    public override long ScratchBytes => base.ScratchBytes + (Parts.HasLongRows ? 0 : WindowBytes);

    /// <summary>Whole rows that lie in one block are folded together.</summary>
    protected override long Grain => Parts.Kept > ReduceParts.MostResults || Program.Plan.IsContiguous ? 1 : Parts.Kept;

    protected override int ResultBlocks => depth;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Range(Frame frame, Room room, long start, long end)
    {
        for (int column = (int)start; column < end; )
        {
            int columns = Math.Min(Math.Min(Program.BlockAt(column), (int)end - column), ReduceParts.MostResults);
            if (Program.Plan.IsContiguous)
                InPlace(frame, room, column, columns);
            else
                new Columns(this, frame, room, column, columns).Fold(Parts.Reduced, 0);
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

    /// <summary>Some columns, whose rows are evaluated block by block. What is under way has a place for each level of the tree.</summary>
    private ref struct Columns(ColumnReduce<TOp, V, T> reduce, Frame frame, Room room, int column, int columns)
    {
        private T* values;
        private int left;
        private int next;

        /// <summary>Folds the next rows into the place of a level; those behind it are free.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Fold(int rows, int level)
        {
            if (left == 0 && !reduce.Parts.HasLongRows)
                Evaluate();
            if (left >= rows)
                ColumnFolds.FoldRows<TOp, V, T>(Take(rows), rows, columns, At(level), columns);
            else if (rows <= ColumnFolds.LeafRows)
                Leaf(rows, level);
            else
            {
                int top = (int)ColumnFolds.TopRows(rows);
                Fold(top, level);
                Fold(rows - top, level + 1);
                Combine(level);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Leaf(int rows, int level)
        {
            new Span<T>(At(level), columns).Fill(TOp.Neutral<T>());
            new Span<T>(At(level + 1), columns).Fill(TOp.Neutral<T>());
            int done = 0;
            while (done < rows)
            {
                int parity = done % 2;
                done += reduce.Parts.HasLongRows
                    ? AddOne(At(level + parity))
                    : AddSome(rows - done, At(level + parity), At(level + 1 - parity));
            }
            Combine(level);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int AddOne(T* total)
        {
            long start = ((long)next++ * reduce.Parts.Kept) + column;
            if (!reduce.Program.Fold(frame, room.State, start, columns, (byte*)total))
            {
                T* row = (T*)reduce.Evaluate(frame, room, start, columns, sizeof(T));
                Elementwise.Binary<TOp, V, T>(total, 1, row, 1, total, columns);
            }
            return 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int AddSome(int most, T* even, T* odd)
        {
            if (left == 0)
                Evaluate();
            int rows = Math.Min(left, most);
            ColumnFolds.AddRows<TOp, V, T>(Take(rows), rows, columns, even, odd);
            return rows;
        }

        /// <summary>The next blocks of whole rows; what is in memory stays where it is.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Evaluate()
        {
            T* window = (T*)(room.Scratch + reduce.ScratchBytes - WindowBytes);
            left = 0;
            int rows;
            do
            {
                long start = (long)next * columns;
                rows = reduce.Program.BlockAt(start) / columns;
                T* target = window + (left * columns);
                values = (T*)reduce.Evaluate(frame, room, start, rows * columns, sizeof(T), (byte*)target);
                left += rows;
                next += rows;
                if (values != target)
                    return;
            } while (next < reduce.Parts.Reduced && (left + rows) * columns <= WindowBytes / sizeof(T));
            values = window;
        }

        private T* Take(int rows)
        {
            T* taken = values;
            values += rows * columns;
            left -= rows;
            return taken;
        }

        private readonly void Combine(int level) =>
            Elementwise.Binary<TOp, V, T>(At(level), 1, At(level + 1), 1, At(level), columns);

        private readonly T* At(int level) => (T*)reduce.Results(room, level);
    }
}
