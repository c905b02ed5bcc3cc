using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// One product per batch item; items that share B and lie one below the other are one taller product. An epilogue follows strip by strip,
/// while the strip's sums are in the nearest cache.
/// </summary>
internal sealed unsafe class PreparedMatMul<V, T> : PreparedKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    /// <summary>Bytes of results that stay in the first cache until their epilogue.</summary>
    private const int StripBytes = 32 * 1024;

    /// <summary>Results of few terms go past the caches if they are larger than the second.</summary>
    private const long StreamedBytes = 2 << 20;

    private readonly MatrixView a;
    private readonly MatrixView b;
    private readonly MatrixView output;
    private readonly PreparedMap? epilogue;
    private readonly int batch;
    private readonly int m;
    private readonly int n;
    private readonly int k;

    /// <summary>The rows of a strip; all of them where there are no strips.</summary>
    private readonly int strip;
    private readonly bool isStreamed;

    /// <summary>Whether an item's result needs room of its own, as its columns are not contiguous.</summary>
    private readonly bool isScattered;
    private readonly double nanoseconds;

    public PreparedMatMul(MatMul product, ReadOnlySpan<Slot> slots)
    {
        a = new MatrixView(product.A, slots, product.Batch);
        b = new MatrixView(product.B, slots, product.Batch);
        output = new MatrixView(product.Output, slots, product.Batch);
        epilogue = product.Epilogue is { } map ? new PreparedMap(map, slots) : null;
        batch = product.Batch.Length;
        (m, n, k) = (product.M, product.N, product.K);
        if (batch > 1 && b.BatchStride == 0 && a.IsStacked(m) && output.IsStacked(m))
            (m, batch) = (m * batch, 1);
        // One product, with a right factor that is worth laying out for all strips.
        bool isInStrips = epilogue != null && batch == 1 && 2 * n > V.Count && PanelProduct<V, T>.IsNear(n, k);
        strip = isInStrips ? StripRows(epilogue!.Alignment) : m;
        isStreamed =
            epilogue == null
            && k is > 0 and <= StreamedProduct<V, T>.MostTerms
            && n >= V.Count
            && b.Column == 1
            && (output.Row, output.Column) == (n, 1)
            && (long)batch * m * n * sizeof(T) >= StreamedBytes;
        isScattered = output.Column != 1 && output.Row != 1 && n != 1;
        nanoseconds = batch * MatrixProduct.Nanoseconds<T>(m, n, k);
    }

    public override long ScratchBytes => isScattered ? (long)m * n * sizeof(T) : epilogue?.ScratchBytes ?? 0;

    public override int StateBytes => epilogue?.StateBytes ?? 0;

    public override double Saving => epilogue?.Saving ?? 0;

    public override void Emit(int bits) => epilogue?.Emit(bits);

    public override void Initialise(Frame frame)
    {
        if (epilogue == null)
            return;
        epilogue.StateOffset = StateOffset;
        epilogue.Initialise(frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Frame frame)
    {
        if (epilogue != null && strip < m && Workers.PartsFor(nanoseconds) == 1)
        {
            Strips(frame, epilogue);
            return;
        }
        // Large products divide themselves among the threads.
        int parts = batch == 1 || isScattered ? 1 : Workers.PartsFor(nanoseconds);
        if (parts > 1)
        {
            Job job = new(this, frame);
            Workers.Run(parts, ref job);
        }
        else
            Items(frame, 0, batch);
        epilogue?.Run(frame);
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
        if (isScattered)
            Scattered(frame, left, right, z);
        else if (isStreamed)
            StreamedProduct<V, T>.Run(m, n, k, left, right, z);
        else
            MatrixProduct.Run<V, T, Update.Set>(m, n, k, left, right, new(z, output.Row, output.Column));
    }

    private void Scattered(Frame frame, Matrix<T> left, Matrix<T> right, T* z)
    {
        T* whole = (T*)frame.Scratch;
        MatrixProduct.Run<V, T, Update.Set>(m, n, k, left, right, new(whole, n, 1));
        for (int i = 0; i < m; i++)
            Copies.Scatter(whole + ((long)i * n), z + ((long)i * output.Row), output.Column, n);
    }

    /// <summary>Whole tiles of rows, where blocks of the epilogue may begin.</summary>
    private int StripRows(int alignment)
    {
        int rows = PanelRows<V, T>.Height;
        while ((long)rows * n % alignment != 0)
            rows += PanelRows<V, T>.Height;
        return Math.Max(1, StripBytes / sizeof(T) / n / rows) * rows;
    }

    private void Strips(Frame frame, PreparedMap epilogue)
    {
        Matrix<T> left = new(a.At<T>(frame, 0), a.Row, a.Column);
        Matrix<T> right = new(b.At<T>(frame, 0), b.Row, b.Column);
        using Workspace<T> copy = new(b.Column == 1 ? 0 : (nint)k * n);
        right = Packing.Contiguous(k, n, right, copy.Pointer);
        Matrix<T> result = new(output.At<T>(frame, 0), n, 1);
        epilogue.Begin(frame);
        for (int i = 0; i < m; i += strip)
        {
            int end = Math.Min(m, i + strip);
            MatrixProduct.Run<V, T, Update.Set>(end - i, n, k, left.From(i, 0), right, result.From(i, 0));
            epilogue.Range(frame, (long)i * n, (long)end * n);
        }
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
