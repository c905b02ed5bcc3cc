using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// What to take of one axis: a single place, which drops the axis, or a range with a step. Converts from <c>int</c>,
/// <see cref="Index"/> and <see cref="Range"/>, so that <c>t[0]</c>, <c>t[^1]</c> and <c>t[1..3, ..]</c> read as they do in C#.
/// </summary>
public readonly record struct AxisIndex
{
    private readonly int? start;
    private readonly int? stop;
    private readonly int step;
    private readonly bool isPlace;

    private AxisIndex(int? start, int? stop, int step, bool isPlace)
    {
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.isPlace = isPlace;
    }

    /// <summary>The whole axis.</summary>
    public static AxisIndex All => new(null, null, 1, isPlace: false);

    /// <summary>Whether the axis is dropped.</summary>
    internal bool IsPlace => isPlace;

    /// <summary>One place; the axis is dropped.</summary>
    /// <param name="place">From −n to n − 1 for an axis of extent n; negative counts from the end.</param>
    public static implicit operator AxisIndex(int place) => new(place, null, 1, isPlace: true);

    /// <summary>One place, as in <c>t[^1]</c>; the axis is dropped.</summary>
    /// <param name="place">Within the axis.</param>
    public static implicit operator AxisIndex(Index place) =>
        place.IsFromEnd ? new AxisIndex(FromEnd(place), null, 1, isPlace: true) : place.Value;

    /// <summary>A range of places, as in <c>t[1..3]</c>.</summary>
    /// <param name="range">Within the axis; the end is not taken.</param>
    public static implicit operator AxisIndex(Range range) =>
        new(Bound(range.Start), Bound(range.End), 1, isPlace: false);

    /// <summary>Every <paramref name="step"/>-th place from one bound to another.</summary>
    /// <param name="start">The first place; negative counts from the end; null is the first of the axis in the direction of the step.</param>
    /// <param name="stop">The place before which to stop; negative counts from the end; null is past the last.</param>
    /// <param name="step">Not zero; negative walks backwards.</param>
    /// <returns>The range.</returns>
    public static AxisIndex Every(int? start, int? stop, int step) => new(start, stop, step, isPlace: false);

    /// <inheritdoc/>
    public override string ToString() =>
        isPlace
            ? start is { } place
                ? $"{place}"
                : "^0"
            : step == 1
                ? $"{start}..{stop}"
                : $"{start}..{stop} by {step}";

    /// <summary>The first place taken, the step, and how many are taken of an axis of a given extent.</summary>
    internal (int First, int Step, int Count) Resolve(string op, int axis, Shape shape)
    {
        int extent = shape[axis];
        if (isPlace)
        {
            int place =
                start is not { } given ? extent
                : given < 0 ? given + extent
                : given;
            if (place < 0 || place >= extent)
                Throw.Error(
                    op,
                    $"the index along axis {axis} must be in [{-extent}, {extent - 1}]",
                    $"{this} for shape {shape}"
                );
            return (place, 1, 1);
        }
        if (step == 0)
            Throw.Error(op, $"the step along axis {axis} must not be zero", $"{this}");
        // Walking backwards, the place past the last is −1, which as an argument would mean the last one.
        int from =
            start is { } first ? Within(op, first, axis, shape)
            : step > 0 ? 0
            : extent - 1;
        int to =
            stop is { } end ? Within(op, end, axis, shape)
            : step > 0 ? extent
            : -1;
        if (step < 0 && from == extent)
            from = extent - 1;
        int distance = step > 0 ? to - from : from - to;
        long stride = Math.Abs((long)step);
        int count = distance <= 0 ? 0 : (int)((distance + stride - 1) / stride);
        // Whoever takes one place takes no step.
        return (from, count > 1 ? step : 1, count);
    }

    private static int? Bound(Index index) => index.IsFromEnd ? FromEnd(index) : index.Value;

    /// <summary>Places before the end as a negative number; null is the end itself, for which there is none.</summary>
    private static int? FromEnd(Index index) => index.Value == 0 ? null : -index.Value;

    private int Within(string op, int bound, int axis, Shape shape)
    {
        int extent = shape[axis];
        int place = bound < 0 ? bound + extent : bound;
        if (place < 0 || place > extent)
            Throw.Error(
                op,
                $"the range along axis {axis} must lie within its {extent} places",
                $"{this} for shape {shape}"
            );
        return place;
    }
}
