namespace Implicit.Tests.Laws.Cases;

/// <summary>
/// A convolution by the plainest loops: which element of the small side (the windows' places) meets which of the large side (what they slide
/// over) by which weight.
/// </summary>
/// <param name="X">The shape of the input: the large side of a convolution, the small side of a transposed one.</param>
/// <param name="Weight">[channels of the small side, channels of the large side / groups, kernel…].</param>
internal sealed record Geometry(Shape X, Shape Weight)
{
    public int[] Stride { get; init; } = [1];

    public int[] Padding { get; init; } = [0];

    public int[] Dilation { get; init; } = [1];

    public int[] Rest { get; init; } = [0];

    public int Groups { get; init; } = 1;

    private int Axes => Weight.Rank - 2;

    private int[] Batch => [.. X.AsEnumerable().Take(X.Rank - Axes - 1)];

    /// <summary>The shape of the result of the convolution.</summary>
    public Shape Convolved =>
        (int[])
            [
                .. Batch,
                Weight[0],
                .. Spatial(
                    (n, k, axis) =>
                        (n + (2 * At(Padding, axis)) - (At(Dilation, axis) * (k - 1)) - 1) / At(Stride, axis) + 1
                ),
            ];

    /// <summary>The shape of the result of the transposed convolution.</summary>
    public Shape Spread =>
        (int[])
            [
                .. Batch,
                Weight[1] * Groups,
                .. Spatial(
                    (n, k, axis) =>
                        ((n - 1) * At(Stride, axis))
                        - (2 * At(Padding, axis))
                        + (At(Dilation, axis) * (k - 1))
                        + At(Rest, axis)
                        + 1
                ),
            ];

    /// <summary>For each weight and each place of the small side inside the large one: the three flat places.</summary>
    public IEnumerable<(int Small, int Large, int Weight)> Meetings(Shape small, Shape large)
    {
        int channel = Batch.Length;
        foreach (int[] s in Points(small))
        foreach (int[] w in Points(Weight))
        {
            if (w[0] != s[channel])
                continue;
            int[] l = (int[])s.Clone();
            l[channel] = (w[0] / (Weight[0] / Groups) * Weight[1]) + w[1];
            for (int axis = 0; axis < Axes; axis++)
                l[channel + 1 + axis] =
                    (s[channel + 1 + axis] * At(Stride, axis)) + (w[2 + axis] * At(Dilation, axis)) - At(Padding, axis);
            if (l.Select((at, axis) => at >= 0 && at < large[axis]).All(inside => inside))
                yield return (Flat(s, small), Flat(l, large), Flat(w, Weight));
        }
    }

    /// <summary>All points of a shape, row-major.</summary>
    public static IEnumerable<int[]> Points(Shape shape)
    {
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        for (int p = 0; p < count; p++)
        {
            int[] point = new int[shape.Rank];
            for ((int axis, int rest) = (shape.Rank - 1, p); axis >= 0; rest /= shape[axis--])
                point[axis] = rest % shape[axis];
            yield return point;
        }
    }

    /// <summary>The row-major place of a point.</summary>
    public static int Flat(int[] point, Shape shape) =>
        point.Select((at, axis) => (at, axis)).Aggregate(0, (place, next) => (place * shape[next.axis]) + next.at);

    private int[] Spatial(Func<int, int, int, int> extent) =>
        [.. Enumerable.Range(0, Axes).Select(axis => extent(X[X.Rank - Axes + axis], Weight[2 + axis], axis))];

    private static int At(int[] perAxis, int axis) => perAxis[perAxis.Length == 1 ? 0 : axis];
}
