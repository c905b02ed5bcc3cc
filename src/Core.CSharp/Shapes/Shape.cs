using System.Collections;
using System.Runtime.CompilerServices;
using Implicit.Shapes;

namespace Implicit;

/// <summary>The extents of a tensor's axes, outermost first; the empty shape is a scalar's.</summary>
/// <remarks>Compares by extents. In C# a collection expression makes one: <c>Shape s = [3, 4];</c>.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[]? extents;

    private Shape(int[] extents)
    {
        this.extents = extents;
    }

    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>The number of axes.</summary>
    public int Rank => extents?.Length ?? 0;

    internal ReadOnlySpan<int> Span => extents;

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The extent of an axis.</summary>
    /// <param name="axis">From −rank to rank − 1; negative axes count from the end.</param>
    /// <exception cref="TensorException">There is no such axis.</exception>
    public int this[int axis] => Span[Axes.Normalise("shape", axis, Rank)];

    /// <summary>The extent of an axis, as in <c>shape[^1]</c>.</summary>
    /// <param name="axis">Less than the rank.</param>
    /// <exception cref="TensorException">There is no such axis.</exception>
    public int this[Index axis] =>
        this[
            axis.Equals(Index.End) ? Rank
            : axis.IsFromEnd ? -axis.Value
            : axis.Value
        ];

    /// <summary>Makes a shape from extents.</summary>
    /// <param name="extents">One non-negative extent per axis.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="TensorException">An extent is negative, or the product of those above 0 is more than 2³¹ − 1.</exception>
    public static Shape Create(ReadOnlySpan<int> extents) => Checked(extents.ToArray());

    /// <summary>Makes a shape from a sequence of extents.</summary>
    /// <param name="extents">One non-negative extent per axis.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="TensorException">An extent is negative, or the product of those above 0 is more than 2³¹ − 1.</exception>
    public static Shape Of(IEnumerable<int> extents) => extents is Shape shape ? shape : Create([.. extents]);

    /// <summary>Makes a shape from an array of extents.</summary>
    /// <param name="extents">One non-negative extent per axis.</param>
    /// <exception cref="TensorException">An extent is negative, or the product of those above 0 is more than 2³¹ − 1.</exception>
    public static implicit operator Shape(int[] extents) => Create(extents);

    /// <summary>Whether all extents are equal.</summary>
    /// <param name="left">A shape.</param>
    /// <param name="right">A shape.</param>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether some extent differs.</summary>
    /// <param name="left">A shape.</param>
    /// <param name="right">A shape.</param>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Shape other) => ReferenceEquals(extents, other.extents) || Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = Rank;
        foreach (int extent in Span)
            hash = (hash * 31) + extent;
        return hash;
    }

    /// <inheritdoc/>
    public override string ToString() => Text(Span);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(extents ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether one look tells that another shape is this one or a scalar's.</summary>
    internal bool Spans(Shape other) => other.extents is null || ReferenceEquals(extents, other.extents);

    internal int[] ToArray() => Span.ToArray();

    /// <summary>This shape with one more axis in front.</summary>
    internal Shape Prepend(int extent) => Checked([extent, .. Span]);

    internal Shape Concat(Shape inner) => Checked([.. Span, .. inner.Span]);

    internal Shape Take(int count) => new(Span[..count].ToArray());

    internal Shape Skip(int count) => new(Span[count..].ToArray());

    internal Shape With(int axis, int extent)
    {
        int[] changed = ToArray();
        changed[axis] = extent;
        return Checked(changed);
    }

    /// <summary>The extents in another order.</summary>
    internal Shape Permuted(ReadOnlySpan<int> order)
    {
        int[] permuted = new int[order.Length];
        for (int i = 0; i < permuted.Length; i++)
            permuted[i] = extents![order[i]];
        return new Shape(permuted);
    }

    internal Shape Without(int axis) => new([.. Span[..axis], .. Span[(axis + 1)..]]);

    /// <summary>The shape of these extents, which it keeps. Extents of 0 do not count, so that no part of a shape has more elements than a tensor may.</summary>
    private static Shape Checked(int[] extents)
    {
        long length = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
                Throw.Error("shape", "extents must not be negative", Text(extents));
            length *= Math.Max(extent, 1);
            if (length > int.MaxValue)
                Throw.Error("shape", "a tensor must have fewer than 2^31 elements", Text(extents));
        }
        return new Shape(extents);
    }

    /// <summary>Extents as a shape prints them, whether or not they make one.</summary>
    internal static string Text(ReadOnlySpan<int> extents) => $"[{string.Join(", ", extents.ToArray())}]";
}

internal static class ShapeLength
{
    // Not a member of Shape: the compiler takes a member Length for the number of items, so that [.. shape] would get more
    // items than axes.
    extension(Shape shape)
    {
        /// <summary>The number of elements: the product of the extents.</summary>
        public int Length
        {
            get
            {
                int length = 1;
                foreach (int extent in shape.Span)
                    length *= extent;
                return length;
            }
        }
    }
}
