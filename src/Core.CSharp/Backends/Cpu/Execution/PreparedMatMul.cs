using System.Numerics;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

internal static class PreparedMatMul
{
    public static PreparedKernel Of(MatMul product, ReadOnlySpan<Slot> slots) =>
        slots[product.Output.Slot].DType switch
        {
            DType.Float64 => new PreparedMatMul<double>(product, slots),
            DType.Float32 => new PreparedMatMul<float>(product, slots),
            _ => new PreparedMatMul<long>(product, slots),
        };
}

/// <summary>A matrix product per batch item, by plain loops.</summary>
internal sealed unsafe class PreparedMatMul<T> : PreparedKernel
    where T : unmanaged, INumber<T>
{
    private readonly MatMul product;
    private readonly SlotView[] views;
    private readonly StridedAxes[] batches;

    public PreparedMatMul(MatMul product, ReadOnlySpan<Slot> slots)
    {
        this.product = product;
        views = new SlotView[3];
        batches = new StridedAxes[3];
        Operand[] operands = [product.A, product.B, product.Output];
        for (int i = 0; i < 3; i++)
        {
            views[i] = SlotView.Of(operands[i], slots);
            batches[i] = StridedAxes.Of(product.Batch, operands[i].Map.Strides.Span[..product.Batch.Rank]);
        }
    }

    public override void Run(Frame frame)
    {
        long count = product.Batch.Length;
        for (long item = 0; item < count; item++)
            Multiply(
                (T*)views[0].In(frame) + batches[0].Offset(item),
                (T*)views[1].In(frame) + batches[1].Offset(item),
                (T*)views[2].In(frame) + batches[2].Offset(item)
            );
    }

    private void Multiply(T* a, T* b, T* c)
    {
        (int aRow, int aColumn) = Steps(product.A);
        (int bRow, int bColumn) = Steps(product.B);
        (int cRow, int cColumn) = Steps(product.Output);
        for (int i = 0; i < product.M; i++)
        for (int j = 0; j < product.N; j++)
        {
            T sum = T.Zero;
            for (int k = 0; k < product.K; k++)
                sum += a[(i * aRow) + (k * aColumn)] * b[(k * bRow) + (j * bColumn)];
            c[(i * cRow) + (j * cColumn)] = sum;
        }
    }

    private static (int Row, int Column) Steps(Operand operand)
    {
        ReadOnlySpan<int> strides = operand.Map.Strides.Span;
        return (strides[^2], strides[^1]);
    }
}
