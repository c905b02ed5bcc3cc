using System.Buffers;

namespace Implicit.Linear;

/// <summary>
/// Vectors of one length, as many for each item of a batch, lent by a pool when an item first asks for its own: a step allocates nothing that
/// is as long as x.
/// </summary>
internal sealed class KrylovSpace<T>(int items, int length) : IDisposable
    where T : unmanaged
{
    private readonly List<T[]> vectors = [];

    /// <summary>An item's vector; its elements are whatever was left in it.</summary>
    public ArraySegment<T> this[int index, int item]
    {
        get
        {
            while (vectors.Count <= index)
                vectors.Add(ArrayPool<T>.Shared.Rent(items * length));
            return new(vectors[index], item * length, length);
        }
    }

    public void Dispose()
    {
        foreach (T[] vector in vectors)
            ArrayPool<T>.Shared.Return(vector);
        vectors.Clear();
    }
}

/// <summary>The vectors of one item.</summary>
internal readonly struct KrylovVectors<T>(KrylovSpace<T> space, int item) : IVectors<T>
    where T : unmanaged
{
    public ArraySegment<T> this[int index] => space[index, item];

    ReadOnlySpan<T> IVectors<T>.this[int index] => this[index];
}

/// <summary>All memory of a batch of solves, of the lengths of the equations and of the unknowns.</summary>
internal sealed class KrylovMemory<T>(int items, int equations, int unknowns) : IDisposable
    where T : unmanaged
{
    /// <summary>Vectors that the loop works on.</summary>
    public KrylovSpace<T> Equations { get; } = new(items, equations);

    /// <summary>Vectors that the loop works on.</summary>
    public KrylovSpace<T> Unknowns { get; } = new(items, unknowns);

    /// <summary>The method's own.</summary>
    public KrylovSpace<T> LeftBasis { get; } = new(items, equations);

    /// <summary>The method's own.</summary>
    public KrylovSpace<T> RightBasis { get; } = new(items, unknowns);

    public void Dispose()
    {
        Equations.Dispose();
        Unknowns.Dispose();
        LeftBasis.Dispose();
        RightBasis.Dispose();
    }
}
