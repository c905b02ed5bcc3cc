using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Folds columns side by side: the domain is walked with the kept axes innermost. Rows are folded in the order of <see cref="ColumnFolds"/>,
/// however many of them a block holds.
/// </summary>
internal sealed unsafe class ColumnReduce<TOp, V, T>(ReduceParts parts) : PreparedReduce(parts)
    where TOp : struct, IFold
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private readonly int depth = parts.Program.Plan.IsContiguous ? 1 : ColumnFolds.Depth(parts.Reduced);

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
            if (left == 0)
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
            for (int done = 0, count; done < rows; done += count)
            {
                if (left == 0)
                    Evaluate();
                count = Math.Min(left, rows - done);
                T* first = At(level + (done % 2));
                if (count == 1)
                    Elementwise.Binary<TOp, V, T>(first, 1, Take(1), 1, first, columns);
                else
                    ColumnFolds.AddRows<TOp, V, T>(Take(count), count, columns, first, At(level + 1 - (done % 2)));
            }
            Combine(level);
        }

        /// <summary>The next block. Only whole rows can lie in it one after the other.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Evaluate()
        {
            long start = ((long)next * reduce.Parts.Kept) + column;
            left = columns == reduce.Parts.Kept ? Math.Max(1, reduce.Program.BlockAt(start) / columns) : 1;
            values = (T*)reduce.Evaluate(frame, room, start, left * columns, sizeof(T));
            next += left;
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
