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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Frame frame)
    {
        Program.Begin(frame, frame.State + StateOffset);
        for (int column = 0; column < Parts.Kept; )
        {
            int columns = Math.Min(Math.Min(Program.BlockAt(column), Parts.Kept - column), ReduceParts.MostResults);
            if (Program.IsContiguous)
                InPlace(frame, column, columns);
            else
                Columns(frame, column, columns);
            Parts.Write(frame, column, columns, Results(frame));
            column += columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InPlace(Frame frame, int column, int columns)
    {
        T* values = (T*)Evaluate(frame, column, columns, sizeof(T));
        Reduction.FoldRows<TOp, V, T>(values, Parts.Reduced, Parts.Kept, (T*)Results(frame), columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Columns(Frame frame, int column, int columns)
    {
        T* result = (T*)Results(frame);
        T* partial = (T*)Results(frame, 1);
        int blocks = 0;
        bool isFirst = true;
        for (int row = 0; row < Parts.Reduced; )
        {
            row += Block(frame, row, column, columns, blocks == 0 ? null : partial, partial);
            if (++blocks < BlocksPerPartial && row < Parts.Reduced)
                continue;
            Merge(isFirst ? null : result, partial, result, columns);
            isFirst = false;
            blocks = 0;
        }
    }

    /// <summary>Folds the rows that a block holds with what there is already; gives their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Block(Frame frame, int row, int column, int columns, T* before, T* target)
    {
        long start = ((long)row * Parts.Kept) + column;
        // Only whole rows can lie in a block one after the other.
        int rows = columns == Parts.Kept ? Math.Max(1, Program.BlockAt(start) / columns) : 1;
        T* values = (T*)Evaluate(frame, start, rows * columns, sizeof(T));
        T* folded = values;
        if (rows > 1)
        {
            folded = (T*)Results(frame, 2);
            Reduction.FoldRows<TOp, V, T>(values, rows, columns, folded, columns);
        }
        Merge(before, folded, target, columns);
        return rows;
    }

    private static void Merge(T* before, T* values, T* target, int count)
    {
        if (before == null)
            Copies.Gather(values, 1, target, count);
        else
            Elementwise.Binary<TOp, V, T>(before, 1, values, 1, target, count);
    }
}
