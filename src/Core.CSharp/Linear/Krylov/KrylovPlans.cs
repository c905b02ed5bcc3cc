using System.Collections.Concurrent;
using Implicit.Backends.Cpu;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>The compiled factors of a solve, by how many items run at once.</summary>
internal sealed class KrylovPlans(LinearSolveOp op)
{
    private readonly ConcurrentDictionary<(Factor, int), (LoopFunction Plan, TensorType Vectors)> known = new();

    /// <summary>A factor with memory of its own. One item alone is computed as a problem of its own.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="size">How many rows.</param>
    /// <param name="captures">What was captured, in these rows.</param>
    /// <param name="before">The same factor with other rows, which ends.</param>
    public FactorRows Rows(Factor factor, int size, ReadOnlySpan<Buffer> captures, FactorRows? before = null)
    {
        (LoopFunction plan, TensorType vectors) = Of(factor, size);
        return new(plan, Hosting.Allocate(vectors)!, size, captures, before);
    }

    /// <summary>A factor for so many rows, and the type of the vectors in them.</summary>
    public (LoopFunction Plan, TensorType Vectors) Of(Factor factor, int size) =>
        known.GetOrAdd((factor, size), Compile);

    private (LoopFunction, TensorType) Compile((Factor Factor, int Size) key)
    {
        LinearMap item = key.Factor switch
        {
            Factor.Operator => op.Operator,
            Factor.Transpose => op.Operator.Transposed,
            Factor.Left => op.Left!,
            _ => op.Right!,
        };
        Function all = (key.Size == 1 ? item : item.Over(op.Items!, key.Size)).Product;
        bool[] isFixed = [false, .. all.Arguments[1..].Select((_, i) => op.Items is null || !op.Items.Batched[i])];
        return (LoopFunction.For(all, isFixed), all.Arguments[0].Type);
    }
}

/// <summary>A factor compiled for some rows, with memory for the vectors in them and for their images.</summary>
internal sealed class FactorRows : IDisposable
{
    private readonly LoopFunction.Calls calls;
    private readonly Buffer[] arguments;
    private readonly Buffer[] images;

    public FactorRows(LoopFunction plan, Buffer vectors, int size, ReadOnlySpan<Buffer> captures, FactorRows? before)
    {
        Size = size;
        arguments = [vectors, .. captures];
        images = Hosting.Allocate(plan.ResultTypes)!;
        calls = plan.Begin(arguments, before?.calls);
        before?.Dispose();
    }

    /// <summary>The number of rows.</summary>
    public int Size { get; }

    /// <summary>The vectors, row by row; valid while this object is reachable.</summary>
    public unsafe Span<T> Vectors<T>()
        where T : unmanaged => new(((HostBuffer)arguments[0]).Pointer, arguments[0].Length);

    /// <summary>Computes all images.</summary>
    public void Run(ReadOnlySpan<Buffer> captures)
    {
        captures.CopyTo(arguments.AsSpan(1));
        calls.Run(arguments, images);
    }

    public void Dispose()
    {
        calls.Dispose();
        arguments[0].Release();
        Buffer.Release(images);
    }

    /// <summary>The images, row by row; valid while this object is reachable.</summary>
    public ReadOnlySpan<T> Images<T>()
        where T : unmanaged => images[0].Read<T>();
}
