using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>
/// Lays large right factors that stay the same from run to run out before the first: in panels of columns, one behind the other, as products
/// would copy them in every run. A product with such a factor is then a batch of products with panels that are read in place.
/// </summary>
internal static class FixedFactors
{
    /// <summary>Bytes of a row of a panel: as many columns as products compute side by side.</summary>
    private const int PanelBytes = 256;

    /// <summary>Smaller factors are read in place, or copied in little of the time of their products.</summary>
    private const int NearBytes = 512 * 1024;

    /// <summary>Products of fewer rows read their factor once, in place.</summary>
    private const int LeastRows = 16;

    /// <summary>Takes such factors out of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="isFixed">Which of all its inputs stay the same.</param>
    /// <returns>A program that computes the factors in panels from the inputs, and one to which they are given as further inputs; null if there are none.</returns>
    public static (Program Layout, Program Run)? Split(Program program, ReadOnlySpan<bool> isFixed)
    {
        var panels = new Panels(isFixed.Length);
        var slots = new List<Slot>(program.Slots);
        var kernels = new List<Kernel>(program.Kernels.Count);
        foreach (Kernel kernel in program.Kernels)
            if (kernel is MatMul product && IsLaidOut(product, program, isFixed) && Rows(product) is { } rows)
            {
                kernels.Add(InPanels(product, rows, panels.Of(product, slots)));
                if (product.Epilogue is { } epilogue)
                    kernels.Add(epilogue);
            }
            else
                kernels.Add(kernel);
        if (panels.Layout is not { } layout)
            return null;
        Program run = program with { Slots = [.. slots], Kernels = [.. kernels] };
        Verifier.CheckIfEnabled(layout);
        Verifier.CheckIfEnabled(run);
        return (layout, run);
    }

    private static bool IsLaidOut(MatMul product, Program program, ReadOnlySpan<bool> isFixed)
    {
        Slot slot = program.Slots[product.B.Slot];
        long row = (long)product.N * slot.DType.Size;
        return slot.Kind == SlotKind.Input
            && isFixed[slot.Position]
            && row % PanelBytes == 0
            && row * product.K > NearBytes
            && (long)product.Batch.Length * product.M >= LeastRows
            && product.IsRightShared
            && product.Output.Map.Strides[^1] == 1;
    }

    /// <summary>From row to row of the left factor and of the result, where all items of the batch are one matrix; null if they are not.</summary>
    private static (int Left, int Result)? Rows(MatMul product)
    {
        Shape rows = product.Batch.Concat([product.M]);
        return Step(product.A.Map, rows) is { } left && Step(product.Output.Map, rows) is { } result
            ? (left, result)
            : null;
    }

    /// <summary>The stride of axes that are walked as one.</summary>
    private static int? Step(IndexMap map, Shape axes)
    {
        int? step = null;
        long next = 0;
        for (int axis = axes.Rank - 1; axis >= 0; axis--)
        {
            if (axes[axis] == 1)
                continue;
            if (step is not null && map.Strides[axis] != next)
                return null;
            step ??= map.Strides[axis];
            next = (long)map.Strides[axis] * axes[axis];
        }
        return step;
    }

    private static MatMul InPanels(MatMul product, (int Left, int Result) rows, Operand panels)
    {
        int width = panels.Map.Strides[1];
        (IndexMap left, IndexMap result) = (product.A.Map, product.Output.Map);
        return new MatMul(
            [product.N / width],
            product.Batch.Length * product.M,
            product.K,
            width,
            product.A with
            {
                Map = new IndexMap(left.Offset, [0, rows.Left, left.Strides[^1]]),
            },
            panels,
            product.Output with
            {
                Map = new IndexMap(result.Offset, [width, rows.Result, 1]),
            }
        );
    }

    /// <summary>The factors found so far.</summary>
    /// <param name="inputs">How many inputs the program has.</param>
    private sealed class Panels(int inputs)
    {
        private readonly Dictionary<(int Slot, int Offset, int Row, int Column, int K, int N), Operand> known = [];
        private readonly List<Slot> slots = [];
        private readonly List<Kernel> kernels = [];

        /// <summary>The slot of each input that factors are read from, which may be several.</summary>
        private readonly Dictionary<int, int> sources = [];

        /// <summary>Computes all of them; null if there are none.</summary>
        public Program? Layout =>
            kernels.Count == 0 ? null : new Program([.. slots], [.. kernels], ArenaBytes: 0, OpaqueCount: 0);

        /// <summary>The panels [panel, k, column] of a product's right factor, in a slot that is added where they are new.</summary>
        public Operand Of(MatMul product, List<Slot> added)
        {
            ReadOnlySpan<int> strides = product.B.Map.Strides.Span;
            var key = (product.B.Slot, product.B.Map.Offset, strides[^2], strides[^1], product.K, product.N);
            if (!known.TryGetValue(key, out Operand panels))
                known[key] = panels = Add(product, added);
            return panels;
        }

        private Operand Add(MatMul product, List<Slot> added)
        {
            Slot source = added[product.B.Slot];
            int width = PanelBytes / source.DType.Size;
            Shape shape = [product.N / width, product.K, width];
            (int row, int column) = (product.B.Map.Strides[^2], product.B.Map.Strides[^1]);
            int number = known.Count;
            Operand factor = new(SlotOf(source), new IndexMap(product.B.Map.Offset, [width * column, row, column]));
            slots.Add(new Slot(SlotKind.Output, source.DType, shape.Length, number));
            kernels.Add(
                new Map(
                    shape,
                    new Scalar.Input(0, source.DType),
                    [factor],
                    new Operand(slots.Count - 1, IndexMap.Contiguous(shape))
                )
            );
            added.Add(new Slot(SlotKind.Input, source.DType, shape.Length, inputs + number));
            return new Operand(added.Count - 1, IndexMap.Contiguous(shape));
        }

        /// <summary>An input has one slot, however many factors are read from it.</summary>
        private int SlotOf(Slot source)
        {
            if (sources.TryGetValue(source.Position, out int slot))
                return slot;
            slots.Add(source);
            return sources[source.Position] = slots.Count - 1;
        }
    }
}
