using Implicit.Shapes;

namespace Implicit.Kernels;

/// <summary>
/// Where the element for a point of a kernel's domain lies: <c>Offset + Σ coordinate·stride</c>, in elements.
/// A stride of 0 repeats an element; a negative one walks backwards.
/// </summary>
internal readonly record struct IndexMap(int Offset, ValueArray<int> Strides)
{
    /// <summary>Row-major, without gaps.</summary>
    public static IndexMap Contiguous(Shape shape) => new(0, new ValueArray<int>(RowMajor(shape)));

    public bool IsContiguous(Shape shape)
    {
        int expected = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && Strides[axis] != expected)
                return false;
            expected *= shape[axis];
        }
        return Offset == 0;
    }

    /// <summary>The smallest and largest element position that the domain reaches; (0, −1) when it is empty.</summary>
    public (int First, int Last) Reach(Shape domain)
    {
        if (domain.Length == 0)
            return (0, -1);
        int first = Offset;
        int last = Offset;
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            int step = (domain[axis] - 1) * Strides[axis];
            if (step > 0)
                last += step;
            else
                first += step;
        }
        return (first, last);
    }

    public static int[] RowMajor(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }
}
