using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>How a window of some places slides along an axis.</summary>
internal readonly record struct Slide(int Axis, int Size, int Stride, int Dilation)
{
    /// <summary>From the first place of a window to its last, both included.</summary>
    public long Reach => ((Size - 1L) * Dilation) + 1;

    /// <summary>How many windows an axis holds.</summary>
    public int Count(int extent) => (int)((extent - Reach) / Stride) + 1;

    /// <summary>The shape of all windows of a tensor: the count replaces the axis, the size comes last.</summary>
    public Shape Windows(Shape shape) => shape.With(Axis, Count(shape[Axis])).Concat([Size]);

    /// <summary>All windows of a view, as a view.</summary>
    public View Windows(View x)
    {
        int along = x.Map.Strides[Axis];
        int[] strides = [.. x.Map.Strides.Span, along * Dilation];
        strides[Axis] = along * Stride;
        return x with { Shape = Windows(x.Shape), Map = x.Map with { Strides = new ValueArray<int>(strides) } };
    }

    /// <summary>Raises unless the numbers make sense and a window fits.</summary>
    public void Require(string op, int extent)
    {
        Throw.Unless(
            Size > 0 && Stride > 0 && Dilation > 0,
            op,
            "size, stride and dilation must be at least 1",
            $"{Size}, {Stride} and {Dilation}"
        );
        Throw.Unless(
            Reach <= extent,
            op,
            $"a window, which reaches over {Reach} places, must fit axis {Axis}",
            $"{extent} places"
        );
    }
}
