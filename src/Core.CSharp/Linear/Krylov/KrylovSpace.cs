using System.Runtime.Intrinsics;
using Implicit.Backends.Cpu;

namespace Implicit.Linear;

/// <summary>
/// Vectors of one length, as many for each item of a batch, in memory that is there when an item first asks for its own. Four of an item
/// follow one another: what a step of an item reads stands together. Behind each vector are zeros up to the next multiple of 64 bytes, so that
/// loops over whole registers need no rest.
/// </summary>
internal sealed unsafe class KrylovSpace<T>(int items, int length) : IDisposable
    where T : unmanaged
{
    /// <summary>So many vectors of an item follow one another.</summary>
    public const int Group = 4;

    private readonly List<Storage> storages = [];

    /// <summary>Where the groups of all items begin, one group after the other.</summary>
    public nint[] Groups { get; private set; } = [];

    /// <summary>From one vector of a group to the next: the length with the zeros behind it.</summary>
    public int Stride { get; } =
        Math.Max(1, (length + Vector512<T>.Count - 1) / Vector512<T>.Count) * Vector512<T>.Count;

    /// <summary>An item's vector; its elements are whatever was left in it.</summary>
    public KrylovVector<T> this[int index, int item]
    {
        get
        {
            (int group, int place) = ((int)((uint)index / Group), (int)((uint)index % Group));
            if (group >= Groups.Length)
                Allocate(group + 1);
            return new((T*)Groups[group] + OffsetOf(item) + ((long)place * Stride), length);
        }
    }

    /// <summary>Where an item's vectors begin in each group.</summary>
    public long OffsetOf(int item) => (long)item * Group * Stride;

    public void Dispose()
    {
        foreach (Storage storage in storages)
            storage.Release();
        storages.Clear();
        Groups = [];
    }

    private void Allocate(int count)
    {
        long vectors = OffsetOf(items) / Stride;
        while (storages.Count < count)
        {
            var storage = new Storage(Pool.Shared, vectors * Stride * sizeof(T));
            for (long i = 0; i < vectors && length < Stride; i++)
                new Span<T>((T*)storage.Pointer + (i * Stride) + length, Stride - length).Clear();
            storages.Add(storage);
        }
        Groups = [.. storages.Select(storage => (nint)storage.Pointer)];
    }
}

/// <summary>The vectors of one item.</summary>
internal readonly struct KrylovVectors<T>(KrylovSpace<T> space, int item)
    where T : unmanaged
{
    /// <inheritdoc cref="KrylovSpace{T}.Groups"/>
    public nint[] Groups => space.Groups;

    /// <inheritdoc cref="KrylovSpace{T}.OffsetOf"/>
    public long Offset => space.OffsetOf(item);

    /// <inheritdoc cref="KrylovSpace{T}.Stride"/>
    public int Stride => space.Stride;

    public KrylovVector<T> this[int index] => space[index, item];
}
