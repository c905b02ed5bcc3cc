using System.Numerics;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>A dense factorisation of each item.</summary>
internal sealed unsafe class PreparedFactorise<V, T>(Factorise kernel, ReadOnlySpan<Slot> slots) : PreparedKernel
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double NanosecondsPerTerm = 0.1;
    private readonly Factorise kernel = kernel;
    private readonly SlotView[] inputs = Views(kernel.Inputs, slots);
    private readonly SlotView[] outputs = Views(kernel.Outputs, slots);
    private readonly int m = kernel.M;
    private readonly int n = kernel.N;

    /// <summary>What the items take on one thread, roughly.</summary>
    private readonly double nanoseconds = kernel.Batch * Terms(kernel) * NanosecondsPerTerm;

    /// <summary>How many multiply-adds an item takes, roughly; N columns are solved for by a triangle of M rows.</summary>
    private static double Terms(Factorise kernel) =>
        IsSolve(kernel)
            ? (double)kernel.M * kernel.M * kernel.N
            : (double)kernel.M * kernel.N * Math.Min(kernel.M, kernel.N);

    /// <summary>A status for every item.</summary>
    public override long ScratchBytes => kernel.Batch * sizeof(int);

    public override void Run(Frame frame)
    {
        int parts = Workers.PartsFor(nanoseconds);
        if (parts > 1)
        {
            Job job = new(this, frame);
            Workers.Run(parts, ref job);
        }
        else
            Items(frame, 0, kernel.Batch);
        int* status = (int*)frame.Scratch;
        for (int item = 0; item < kernel.Batch; item++)
        {
            if (status[item] != 0 && !IsTaken(frame, item, status[item] - 1))
                Fail(frame, item, status[item] - 1);
        }
    }

    /// <summary>
    /// Whether factors without a pivot are what is asked for. The other pivots then give way to ones: the product of all is 0 also where
    /// that of the others overflows.
    /// </summary>
    private bool IsTaken(Frame frame, int item, int at)
    {
        if (kernel is not { Kind: Factorisation.Lu, Error.TakesSingular: true })
            return false;
        long square = (long)n * n;
        T* lu = Out(frame, 0, item, square);
        if (!IsFinite(lu, square))
            return false;
        for (int i = 0; i < n; i++)
            if (i != at)
                lu[((long)i * n) + i] = T.One;
        return true;
    }

    private void Fail(Frame frame, int item, int at)
    {
        long elements = (long)m * (IsSolve(kernel) ? m : n);
        bool isFinite = IsFinite(In(frame, 0, item, elements), elements);
        throw kernel.Error?.Of(at, isFinite, item, kernel.Batch)
            ?? FactoriseFailure.Of(kernel.Kind, at, isFinite, item, kernel.Batch);
    }

    private static bool IsFinite(T* matrix, long elements)
    {
        bool isFinite = true;
        for (long i = 0; i < elements; i++)
            isFinite &= T.IsFinite(matrix[i]);
        return isFinite;
    }

    private static bool IsSolve(Factorise kernel) =>
        kernel.Kind is Factorisation.SolveLower or Factorisation.SolveLowerUnit or Factorisation.SolveUpper;

    private void Items(Frame frame, int start, int end)
    {
        int* status = (int*)frame.Scratch;
        long square = (long)n * n;
        if (kernel.Kind == Factorisation.Cholesky)
        {
            T* l = Out(frame, 0, start, square);
            CholeskyBatch<V, T>.Run(end - start, n, In(frame, 0, start, square), l, status + start);
            return;
        }
        if (kernel.Kind == Factorisation.Lu)
        {
            long* permutation = (long*)outputs[1].In(frame) + ((long)start * n);
            T* lu = Out(frame, 0, start, square);
            LuBatch<V, T>.Run(end - start, n, In(frame, 0, start, square), lu, permutation, status + start);
            return;
        }
        if (IsSolve(kernel))
        {
            Solves(frame, start, end, status + start);
            return;
        }
        for (int item = start; item < end; item++)
        {
            status[item] = kernel.Kind switch
            {
                Factorisation.Qr => Qr(frame, item),
                Factorisation.SymmetricEigen => Eigen(frame, item),
                _ => Svd(frame, item),
            };
        }
    }

    private bool IsInterleaved =>
        kernel.Kind switch
        {
            Factorisation.Cholesky => CholeskyBatch<V, T>.IsInterleaved(n),
            Factorisation.Lu => LuBatch<V, T>.IsInterleaved(n),
            _ => IsSolve(kernel) && TriangularBatch<V, T>.IsInterleaved(m, n),
        };

    private readonly struct Job(PreparedFactorise<V, T> factorise, Frame frame) : IJob
    {
        public void Run(int part, int parts)
        {
            // Matrices that are interleaved stay together, unless some threads would then have none.
            int batch = factorise.kernel.Batch;
            int grain = factorise.IsInterleaved && batch >= parts * V.Count ? V.Count : 1;
            int start = (int)Workers.Start(batch, grain, part, parts);
            factorise.Items(frame, start, (int)Workers.Start(batch, grain, part + 1, parts));
        }
    }

    private void Solves(Frame frame, int start, int end, int* status)
    {
        long elements = (long)m * n;
        TriangularBatch<V, T>.Run(
            end - start,
            m,
            n,
            In(frame, 0, start, (long)m * m),
            In(frame, 1, start, elements),
            lower: kernel.Kind != Factorisation.SolveUpper,
            unit: kernel.Kind == Factorisation.SolveLowerUnit,
            Out(frame, 0, start, elements),
            status
        );
    }

    /// <summary>Reflections go on with NaN: whoever has no error for it looks at R instead.</summary>
    private int Qr(Frame frame, int item)
    {
        long k = Math.Min(m, n);
        if (kernel.Error is not null && !IsFinite(In(frame, 0, item, (long)m * n), (long)m * n))
            return 1;
        return QrFactorisation<V, T>.Run(
            m,
            n,
            In(frame, 0, item, (long)m * n),
            Out(frame, 0, item, m * k),
            Out(frame, 1, item, k * n)
        );
    }

    private int Eigen(Frame frame, int item)
    {
        long square = (long)n * n;
        return SymmetricEigen<V, T>.Run(
            n,
            In(frame, 0, item, square),
            Out(frame, 0, item, n),
            Out(frame, 1, item, square)
        );
    }

    private int Svd(Frame frame, int item)
    {
        long k = Math.Min(m, n);
        return SingularValues<V, T>.Run(
            m,
            n,
            In(frame, 0, item, (long)m * n),
            Out(frame, 0, item, m * k),
            Out(frame, 1, item, k),
            Out(frame, 2, item, k * n)
        );
    }

    private T* In(Frame frame, int number, int item, long elements) => (T*)inputs[number].In(frame) + (item * elements);

    private T* Out(Frame frame, int number, int item, long elements) =>
        (T*)outputs[number].In(frame) + (item * elements);

    private static SlotView[] Views(ValueArray<Operand> operands, ReadOnlySpan<Slot> slots)
    {
        var views = new SlotView[operands.Count];
        for (int i = 0; i < views.Length; i++)
            views[i] = SlotView.Of(operands[i], slots);
        return views;
    }
}
