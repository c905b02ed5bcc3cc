using System.Collections;

namespace Implicit.Transforms;

/// <summary>The keys of a dictionary or a map, in the order of its parts; text is made of them for an error only.</summary>
internal sealed class TreeKeys(object?[] keys)
{
    private readonly object?[] keys = keys;

    /// <summary>Whether the keys are equal one by one; an array, which may be a key in F#, by its elements.</summary>
    public override bool Equals(object? obj) =>
        obj is TreeKeys other && StructuralComparisons.StructuralEqualityComparer.Equals(keys, other.keys);

    public override int GetHashCode() => keys.Length;

    public override string ToString() => $"keys {string.Join(", ", keys)}";
}
