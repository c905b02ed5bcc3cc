using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>How windows slide along the last axes of a tensor, the spatial ones: a number for each of them.</summary>
internal sealed record Sliding(string Op, int[] Size, int[] Stride, int[] Padding, int[] Dilation)
{
    public int Axes => Size.Length;

    /// <summary>Reads arguments that give one number for all spatial axes, or one for each, or nothing.</summary>
    public static Sliding Of(
        string op,
        int[] size,
        IReadOnlyList<int>? stride,
        IReadOnlyList<int>? padding,
        IReadOnlyList<int>? dilation
    ) =>
        new(
            op,
            size,
            PerAxis(op, "stride", stride ?? [1], size.Length, least: 1),
            PerAxis(op, "padding", padding ?? [0], size.Length, least: 0),
            PerAxis(op, "dilation", dilation ?? [1], size.Length, least: 1)
        );

    /// <summary>Windows that do not overlap unless the stride says so, and of which each holds an element of x.</summary>
    public static Sliding OfPool(
        string op,
        Tensor x,
        IReadOnlyList<int> size,
        IReadOnlyList<int>? stride,
        IReadOnlyList<int>? padding
    )
    {
        Arithmetic.Float(op, x.DType);
        Throw.Unless(
            size.Count > 0 && size.Count <= x.Rank && size.All(extent => extent >= 1),
            op,
            "size must give an extent of at least 1 for each spatial axis, the last ones of the input",
            $"[{string.Join(", ", size)}] for {x.Type}"
        );
        Sliding sliding = Of(op, [.. size], stride ?? size, padding, dilation: null);
        for (int axis = 0; axis < size.Count; axis++)
            Throw.Unless(
                2 * sliding.Padding[axis] <= size[axis],
                op,
                "padding must be at most half the size",
                $"{sliding.Padding[axis]} for size {size[axis]}"
            );
        return sliding;
    }

    /// <summary>All windows of a tensor.</summary>
    /// <param name="x">[…, spatial…].</param>
    /// <param name="fill">What surrounds it.</param>
    /// <returns>[…, sizes…, counts…].</returns>
    public Tensor Windows(Tensor x, double fill)
    {
        int first = x.Rank - Axes;
        int[] margins = [.. new int[first], .. Padding];
        Tensor windows = Padding.All(places => places == 0) ? x : Tensor.Pad(x, margins, margins, fill);
        for (int axis = Axes - 1; axis >= 0; axis--)
        {
            Slide slide = Along(axis, first);
            slide.Require(Op, windows.Shape[slide.Axis]);
            RequireRoom(slide, windows.Shape);
            windows = Tensor.Windows(windows, slide.Axis, slide.Size, slide.Stride, slide.Dilation);
        }
        return Tensor.Permute(windows, SizesFirst(first));
    }

    /// <summary>The transpose of <see cref="Windows"/> by x: adds windows at their places and cuts the padding off.</summary>
    /// <param name="windows">[…, sizes…, counts…].</param>
    /// <param name="rest">For each spatial axis, how many places of the padded axis lie behind the last window.</param>
    /// <returns>[…, spatial…].</returns>
    public Tensor OverlapAdd(Tensor windows, int[] rest)
    {
        int first = windows.Rank - (2 * Axes);
        Tensor sum = Tensor.Permute(windows, SizesLast(first));
        for (int axis = 0; axis < Axes; axis++)
        {
            Slide slide = Along(axis, first);
            int extent = Shapes.Axes.Extent(
                Op,
                ((sum.Shape[slide.Axis] - 1L) * slide.Stride) + slide.Reach + rest[axis]
            );
            Throw.Unless(
                extent > 2L * Padding[axis],
                Op,
                "something must be left inside the padding",
                $"an extent of {extent} and a padding of {Padding[axis]}"
            );
            sum = Tensor.OverlapAdd(sum, slide.Axis, extent, slide.Stride, slide.Dilation);
            sum = Tensor.Slice(sum, slide.Axis, Padding[axis], extent - Padding[axis]);
        }
        return sum;
    }

    /// <summary>The axes of the elements of a window among those of <see cref="Windows"/>.</summary>
    public int[] SizeAxes(Tensor windows) => [.. Enumerable.Range(windows.Rank - (2 * Axes), Axes)];

    public static int[] PerAxis(string op, string what, IReadOnlyList<int> given, int axes, int least)
    {
        Throw.Unless(
            (given.Count == 1 || given.Count == axes) && given.All(number => number >= least),
            op,
            $"{what} must be one number for all {axes} spatial axes, or one for each, at least {least}",
            $"[{string.Join(", ", given)}]"
        );
        return given.Count == axes ? [.. given] : [.. Enumerable.Repeat(given[0], axes)];
    }

    /// <summary>All windows are seen as one tensor.</summary>
    private void RequireRoom(Slide slide, Shape shape)
    {
        int extent = shape[slide.Axis];
        long elements = (long)(shape.Length / extent) * slide.Count(extent) * slide.Size;
        Throw.Unless(
            elements <= int.MaxValue,
            Op,
            "the windows of the input must have fewer than 2^31 elements together (take smaller batches)",
            $"{elements}"
        );
    }

    private Slide Along(int axis, int first) => new(first + axis, Size[axis], Stride[axis], Dilation[axis]);

    // The last spatial axis is cut into windows first, and so comes last where windows are added: its neighbours in memory stay so for longer.

    /// <summary>From […, counts…, sizes reversed…] to […, sizes…, counts…].</summary>
    private int[] SizesFirst(int first) =>
        [
            .. Enumerable.Range(0, first),
            .. Enumerable.Range(first + Axes, Axes).Reverse(),
            .. Enumerable.Range(first, Axes),
        ];

    /// <summary>From […, sizes…, counts…] to […, counts…, sizes reversed…].</summary>
    private int[] SizesLast(int first) =>
        [
            .. Enumerable.Range(0, first),
            .. Enumerable.Range(first + Axes, Axes),
            .. Enumerable.Range(first, Axes).Reverse(),
        ];
}
