using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>A matrix operand with batch axes.</summary>
internal sealed unsafe class MatrixView
{
    private readonly SlotView view;
    private readonly StridedAxes batch;

    public MatrixView(Operand operand, ReadOnlySpan<Slot> slots, Shape batchShape)
    {
        ReadOnlySpan<int> strides = operand.Map.Strides.Span;
        view = SlotView.Of(operand, slots);
        batch = StridedAxes.Of(batchShape, strides[..^2]);
        (Row, Column) = (strides[^2], strides[^1]);
    }

    public int Row { get; }

    public int Column { get; }

    /// <summary>The way from item to item; −1 where it is not always the same.</summary>
    public int BatchStride => batch.Rank == 1 ? batch.Strides[0] : -1;

    /// <summary>Whether the first row of an item follows the last of the one before.</summary>
    public bool IsStacked(int rows) => BatchStride >= 0 && BatchStride == (long)rows * Row;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* At<T>(Frame frame, int item)
        where T : unmanaged => (T*)view.In(frame) + (item == 0 ? 0 : batch.Offset(item));
}
