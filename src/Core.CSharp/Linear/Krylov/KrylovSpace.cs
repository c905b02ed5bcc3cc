using System.Buffers;

namespace Implicit.Linear;

/// <summary>y ← A·x.</summary>
internal delegate void Product<T>(ReadOnlySpan<T> x, Span<T> y);

/// <summary>Vectors of one length that the steps of a run work on, lent by a pool: a step allocates nothing that is as long as x.</summary>
internal sealed class KrylovSpace<T>(int length) : IDisposable
    where T : unmanaged
{
    private readonly List<T[]> vectors = [];

    /// <summary>A vector; its elements are whatever was left in it.</summary>
    public Span<T> this[int index]
    {
        get
        {
            while (vectors.Count <= index)
                vectors.Add(ArrayPool<T>.Shared.Rent(length));
            return vectors[index].AsSpan(0, length);
        }
    }

    public void Dispose()
    {
        foreach (T[] vector in vectors)
            ArrayPool<T>.Shared.Return(vector);
        vectors.Clear();
    }
}
