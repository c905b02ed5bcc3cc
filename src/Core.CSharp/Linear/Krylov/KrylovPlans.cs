using System.Collections.Concurrent;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>The compiled factors of a solve, by how many items run at once.</summary>
internal sealed class KrylovPlans(LinearSolveOp op)
{
    private readonly ConcurrentDictionary<(Factor, int), (CompiledFunction, TensorType)> known = new();

    /// <summary>A factor with memory of its own. One item alone is computed as a problem of its own.</summary>
    public FactorRows Rows(Factor factor, int size)
    {
        (CompiledFunction plan, TensorType vectors) = known.GetOrAdd((factor, size), Compile);
        return new(plan, Hosting.Allocate(vectors)!, size);
    }

    private (CompiledFunction, TensorType) Compile((Factor Factor, int Size) key)
    {
        LinearMap item = key.Factor switch
        {
            Factor.Operator => op.Operator,
            Factor.Transpose => op.Operator.Transposed,
            Factor.Left => op.Left!,
            _ => op.Right!,
        };
        Function all = (key.Size == 1 ? item : item.Over(op.Items!, key.Size)).Product;
        return (CompiledFunction.For(all), all.Arguments[0].Type);
    }
}

/// <summary>A factor compiled for some rows, with memory for the vectors in them and for their images.</summary>
internal sealed class FactorRows(CompiledFunction plan, Buffer vectors, int size)
{
    private readonly Buffer[] images = plan.AllocateResults();

    /// <summary>The number of rows.</summary>
    public int Size => size;

    /// <summary>Makes all vectors zero.</summary>
    public void Clear() => vectors.Clear();

    /// <summary>Writes the vector of a row.</summary>
    public void Write<T>(int row, ReadOnlySpan<T> vector)
        where T : unmanaged => vectors.Write(vector, row * vector.Length);

    /// <summary>Computes all images.</summary>
    public void Run(ReadOnlySpan<Buffer> captures) => plan.Run([vectors, .. captures], images);

    /// <summary>The images, row by row; valid while this object is reachable.</summary>
    public ReadOnlySpan<T> Images<T>()
        where T : unmanaged => images[0].Read<T>();
}
