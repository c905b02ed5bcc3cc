using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Repeats each place of an axis, next to itself: [a, b] twice is [a, a, b, b].</summary>
    /// <param name="x">Rank 1 or more.</param>
    /// <param name="times">How often.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    public static Tensor Repeat(Tensor x, int times, int axis = 0)
    {
        Throw.Unless(times >= 0, "repeat", "the number of times must not be negative", $"{times}");
        int at = Axes.Normalise("repeat", axis, x.Rank);
        int[] apart = [.. x.Shape.Span[..(at + 1)], times, .. x.Shape.Span[(at + 1)..]];
        return Reshape(Expand(Unsqueeze(x, at + 1), apart), x.Shape.With(at, x.Shape[at] * times));
    }

    /// <summary>Repeats the whole along each axis: [a, b] twice is [a, b, a, b].</summary>
    /// <param name="x">Rank n.</param>
    /// <param name="times">n counts; more than n add axes in front.</param>
    public static Tensor Tile(Tensor x, params ReadOnlySpan<int> times)
    {
        Throw.Unless(
            times.Length >= x.Rank,
            "tile",
            $"there must be a count for each of the {x.Rank} axes",
            $"{times.Length}"
        );
        int extra = times.Length - x.Rank;
        int[] single = new int[2 * times.Length];
        int[] apart = new int[2 * times.Length];
        int[] joined = new int[times.Length];
        for (int axis = 0; axis < times.Length; axis++)
        {
            int extent = axis < extra ? 1 : x.Shape[axis - extra];
            (single[2 * axis], single[(2 * axis) + 1]) = (1, extent);
            (apart[2 * axis], apart[(2 * axis) + 1]) = (times[axis], extent);
            joined[axis] = times[axis] * extent;
        }
        return Reshape(Expand(Reshape(x, single), apart), joined);
    }

    /// <summary>The coordinates of a grid: the i-th result varies along axis i with the i-th input ("ij" indexing).</summary>
    /// <param name="axes">Vectors.</param>
    /// <returns>As many tensors, all of the shape whose extents are the vectors' lengths.</returns>
    /// <exception cref="TensorException">An input is not a vector.</exception>
    public static Tensor[] Meshgrid(params ReadOnlySpan<Tensor> axes)
    {
        int[] shape = new int[axes.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            Throw.Unless(axes[i].Rank == 1, "meshgrid", "the inputs must be vectors", $"{axes[i].Type}");
            shape[i] = axes[i].Length;
        }
        var grids = new Tensor[shape.Length];
        for (int i = 0; i < grids.Length; i++)
        {
            int[] single = new int[shape.Length];
            Array.Fill(single, 1);
            single[i] = shape[i];
            grids[i] = Expand(Reshape(axes[i], single), shape);
        }
        return grids;
    }
}
