using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>
/// Lays a right factor out once where several products read it across the way they walk: each would make a copy of its own. The stages of a
/// Runge–Kutta step share their weights like this.
/// </summary>
internal static class ShareFactors
{
    /// <summary>The bytes of the widest vectors: results narrower than half of one are sums along the terms, others are rows.</summary>
    private const int VectorBytes = 64;

    /// <summary>Copying larger factors takes little of the time of their products.</summary>
    private const int LargestFactor = 1 << 16;

    public static Program Run(Program program)
    {
        Dictionary<Factor, int> readers = Readers(program);
        if (!readers.Values.Any(count => count > 1))
            return program;
        var slots = new List<Slot>(program.Slots);
        var kernels = new List<Kernel>(program.Kernels.Count);
        var copies = new Dictionary<Factor, Operand>();
        foreach (Kernel kernel in program.Kernels)
            if (kernel is MatMul product && Across(product, program) is { } factor && readers[factor] > 1)
            {
                if (!copies.TryGetValue(factor, out Operand copy))
                    copies[factor] = copy = Copy(factor, slots, kernels);
                kernels.Add(product with { B = Over(copy, product.Batch.Rank) });
            }
            else
                kernels.Add(kernel);
        return program with
        {
            Slots = new ValueArray<Slot>([.. slots]),
            Kernels = new ValueArray<Kernel>([.. kernels]),
        };
    }

    private static Dictionary<Factor, int> Readers(Program program)
    {
        var readers = new Dictionary<Factor, int>();
        foreach (Kernel kernel in program.Kernels)
            if (kernel is MatMul product && Across(product, program) is { } factor)
                readers[factor] = readers.GetValueOrDefault(factor) + 1;
        return readers;
    }

    /// <summary>The right factor if it is one matrix that lies across the way the product walks; null if not.</summary>
    private static Factor? Across(MatMul product, Program program)
    {
        ReadOnlySpan<int> strides = product.B.Map.Strides.Span;
        int size = program.Slots[product.B.Slot].DType.Size;
        bool isNarrow = 2 * product.N * size <= VectorBytes && product.K * size >= VectorBytes;
        bool isAcross = strides[isNarrow ? ^2 : ^1] != 1;
        return
            product.IsRightShared
            && isAcross
            && product.N > 1
            && product.K > 1
            && product.K * (long)product.N <= LargestFactor
            ? new Factor(product.B.Slot, product.B.Map.Offset, strides[^2], strides[^1], product.K, product.N, isNarrow)
            : null;
    }

    /// <summary>Emits the copy; gives it as a matrix [K, N].</summary>
    private static Operand Copy(Factor factor, List<Slot> slots, List<Kernel> kernels)
    {
        (int rows, int columns) = factor.IsNarrow ? (factor.N, factor.K) : (factor.K, factor.N);
        (int row, int column) = factor.IsNarrow ? (factor.Column, factor.Row) : (factor.Row, factor.Column);
        Shape shape = [rows, columns];
        DType dtype = slots[factor.Slot].DType;
        slots.Add(new Slot(SlotKind.Temporary, dtype, shape.Length, Position: 0));
        var output = new Operand(slots.Count - 1, IndexMap.Contiguous(shape));
        var source = new Operand(factor.Slot, new IndexMap(factor.Offset, [row, column]));
        kernels.Add(new Map(shape, new Scalar.Input(0, dtype), [source], output));
        return output with { Map = new IndexMap(0, factor.IsNarrow ? [1, columns] : [columns, 1]) };
    }

    /// <summary>A matrix seen by all items of a batch.</summary>
    private static Operand Over(Operand matrix, int batchRank) =>
        matrix with
        {
            Map = new IndexMap(0, [.. new int[batchRank], .. matrix.Map.Strides]),
        };

    private readonly record struct Factor(int Slot, int Offset, int Row, int Column, int K, int N, bool IsNarrow);
}
