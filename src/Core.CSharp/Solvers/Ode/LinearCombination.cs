using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// y ← a + Σ wₖ·xₖ, every element in the order of k: what outputs inside steps are made of, and the cotangents that they give. They are small and
/// many, and of any number: to call a plan would take longer than this. The memory is used again and again.
/// </summary>
internal sealed unsafe class LinearCombination
{
    private nint[] terms = new nint[8];
    private float[] singles = new float[8];
    private int count;
    private int length;

    /// <summary>Begins a sum of arrays of a length.</summary>
    public void Begin(int length)
    {
        this.length = length;
        count = 0;
    }

    /// <summary>
    /// Adds a term x, which begins at an element of a buffer. Only its place is held: the caller keeps the buffer alive until the last sum is written.
    /// </summary>
    public void Add(Buffer x, int start = 0)
    {
        Check(x, start);
        if (count == terms.Length)
        {
            Array.Resize(ref terms, 2 * count);
            Array.Resize(ref singles, 2 * count);
        }
        terms[count++] = At(x, start);
    }

    /// <summary>y ← y + a row of memory with a leading axis.</summary>
    public void AddRow(Buffer rows, int row, Buffer y)
    {
        Begin(y.Length);
        Add(rows, row * length);
        Write([1.0], y, y);
        GC.KeepAlive(rows);
    }

    /// <summary>Writes a sum.</summary>
    /// <param name="weights">A number for each term.</param>
    /// <param name="a">What is added; 0 if null. It may be y.</param>
    /// <param name="y">Where the sum is written.</param>
    /// <param name="start">The element of y where it begins.</param>
    public void Write(ReadOnlySpan<double> weights, Buffer? a, Buffer y, int start = 0)
    {
        Check(y, start);
        if (a is not null)
            Check(a, 0);
        fixed (double* w = weights[..count])
            VectorWidth.Run(new Writing(this, w, a is null ? 0 : At(a, 0), At(y, start), y.DType == DType.Float32));
        GC.KeepAlive(a);
        GC.KeepAlive(y);
    }

    private void Check(Buffer buffer, int start)
    {
        if (start < 0 || start > buffer.Length - length)
            throw new ArgumentOutOfRangeException(nameof(start));
    }

    private static nint At(Buffer buffer, int start) =>
        (nint)((HostBuffer)buffer).Pointer
        + (nint)start * (buffer.DType == DType.Float32 ? sizeof(float) : sizeof(double));

    private readonly struct Writing(LinearCombination sum, double* weights, nint a, nint y, bool isSingle) : IVectorWork
    {
        void IVectorWork.Run<D, F, L, B>()
        {
            if (isSingle)
                fixed (float* rounded = sum.Rounded(weights))
                    sum.Write<F, float>(rounded, (float*)a, (float*)y);
            else
                sum.Write<D, double>(weights, (double*)a, (double*)y);
        }
    }

    /// <summary>The weights in float32.</summary>
    private ReadOnlySpan<float> Rounded(double* weights)
    {
        for (int k = 0; k < count; k++)
            singles[k] = (float)weights[k];
        return singles.AsSpan(0, count);
    }

    private void Write<V, T>(T* weights, T* a, T* y)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        fixed (nint* x = terms)
        {
            var job = new Job<V, T>(weights, x, count, a, y, length);
            int parts = Workers.PartsFor(0.03 * length * (count + 1));
            if (parts > 1)
                Workers.Run(parts, ref job);
            else
                job.Write(0, length);
        }
    }

    private readonly struct Job<V, T>(T* weights, nint* terms, int count, T* a, T* y, int length) : IJob
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        public void Run(int part, int parts) =>
            Write(Workers.Start(length, V.Count, part, parts), Workers.Start(length, V.Count, part + 1, parts));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Write(long start, long end)
        {
            long i = start;
            for (; i <= end - V.Count; i += V.Count)
                V.Store(Sum(i, V.Count), y + i);
            if (i < end)
                V.StorePart(Sum(i, (int)(end - i)), y + i, (int)(end - i));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Sum(long i, int lanes)
        {
            V sum = a == null ? default : Load(a + i, lanes);
            for (int k = 0; k < count; k++)
                sum = V.MultiplyAdd(V.Broadcast(weights[k]), Load((T*)terms[k] + i, lanes), sum);
            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Load(T* source, int lanes) => lanes == V.Count ? V.Load(source) : V.LoadPart(source, lanes);
    }
}
