using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>One product per batch item; items that share B and lie one below the other are one taller product.</summary>
internal sealed unsafe class PreparedMatMul<V, T> : PreparedKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    private readonly MatrixView a;
    private readonly MatrixView b;
    private readonly MatrixView output;
    private readonly int batch;
    private readonly int m;
    private readonly int n;
    private readonly int k;

    public PreparedMatMul(MatMul product, ReadOnlySpan<Slot> slots)
    {
        a = new MatrixView(product.A, slots, product.Batch);
        b = new MatrixView(product.B, slots, product.Batch);
        output = new MatrixView(product.Output, slots, product.Batch);
        batch = product.Batch.Length;
        (m, n, k) = (product.M, product.N, product.K);
        if (batch > 1 && b.BatchStride == 0 && a.IsStacked(m) && output.IsStacked(m))
            (m, batch) = (m * batch, 1);
    }

    /// <summary>Room for an item's result where its columns are not contiguous.</summary>
    public override int ScratchBytes => output.Column == 1 || output.Row == 1 || n == 1 ? 0 : m * n * sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Frame frame)
    {
        // Large products divide themselves among the threads.
        int parts =
            batch == 1 || ScratchBytes > 0 ? 1 : Workers.PartsFor(batch * MatrixProduct.Nanoseconds<T>(m, n, k));
        if (parts > 1)
        {
            Job job = new(this, frame);
            Workers.Run(parts, ref job);
        }
        else
            Items(frame, 0, batch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Items(Frame frame, int start, int end)
    {
        for (int item = start; item < end; item++)
            Multiply(frame, a.At<T>(frame, item), b.At<T>(frame, item), output.At<T>(frame, item));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(Frame frame, T* x, T* y, T* z)
    {
        Matrix<T> left = new(x, a.Row, a.Column);
        Matrix<T> right = new(y, b.Row, b.Column);
        if (output.Column == 1 || output.Row == 1 || n == 1)
            MatrixProduct.Run<V, T, Update.Set>(m, n, k, left, right, new(z, output.Row, output.Column));
        else
            Scattered(frame, left, right, z);
    }

    private void Scattered(Frame frame, Matrix<T> left, Matrix<T> right, T* z)
    {
        T* whole = (T*)frame.Scratch;
        MatrixProduct.Run<V, T, Update.Set>(m, n, k, left, right, new(whole, n, 1));
        for (int i = 0; i < m; i++)
            Copies.Scatter(whole + ((long)i * n), z + ((long)i * output.Row), output.Column, n);
    }

    private readonly struct Job(PreparedMatMul<V, T> product, Frame frame) : IJob
    {
        public void Run(int part, int parts) =>
            product.Items(
                frame,
                (int)Workers.Start(product.batch, 1, part, parts),
                (int)Workers.Start(product.batch, 1, part + 1, parts)
            );
    }
}

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public T* At<T>(Frame frame, int item)
        where T : unmanaged => (T*)view.In(frame) + batch.Offset(item);
}
