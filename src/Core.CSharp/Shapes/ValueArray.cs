using System.Collections;
using System.Runtime.CompilerServices;

namespace Implicit.Shapes;

/// <summary>
/// An immutable array that compares by its elements, so that records which hold one keep structural
/// equality (plain arrays in records compare by reference, and structural hashing would silently miss).
/// </summary>
[CollectionBuilder(typeof(ValueArray), nameof(ValueArray.Create))]
internal readonly struct ValueArray<T>(T[] items) : IEquatable<ValueArray<T>>, IReadOnlyList<T>
{
    private readonly T[]? items = items;

    public int Count => items?.Length ?? 0;

    public T this[int index] => items![index];

    public ReadOnlySpan<T> Span => items;

    public T[] ToArray() => Span.ToArray();

    public bool Equals(ValueArray<T> other)
    {
        if (Count != other.Count)
            return false;
        for (int i = 0; i < Count; i++)
            if (!EqualityComparer<T>.Default.Equals(items![i], other.items![i]))
                return false;
        return true;
    }

    public override bool Equals(object? obj) => obj is ValueArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (T item in Span)
            hash.Add(item);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", Span.ToArray())}]";

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (items ?? []).GetEnumerator();
}

/// <summary>Builds <see cref="ValueArray{T}"/> from collection expressions.</summary>
internal static class ValueArray
{
    public static ValueArray<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
