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

    /// <summary>Whether all points of the domain share one element.</summary>
    public bool IsUniform(Shape domain)
    {
        for (int axis = 0; axis < domain.Rank; axis++)
            if (domain[axis] != 1 && Strides[axis] != 0)
                return false;
        return true;
    }

    /// <summary>
    /// Where a point of the outer domain leads if <paramref name="outer"/> first picks an element of a contiguous array of shape
    /// <paramref name="middle"/>, and <paramref name="inner"/> then maps that element's coordinates on. Null if that is not a map by strides.
    /// </summary>
    public static IndexMap? Compose(IndexMap inner, Shape middle, IndexMap outer, Shape domain)
    {
        if (middle.Length == 0)
            return null;
        if (inner.IsUniform(middle))
            return inner with { Strides = new ValueArray<int>(new int[domain.Rank]) };
        if ((inner with { Offset = 0 }).IsContiguous(middle))
            return outer with { Offset = outer.Offset + inner.Offset };
        int[] rows = RowMajor(middle);
        int[] strides = new int[domain.Rank];
        int[] room = new int[middle.Rank];
        int offset = inner.Offset;
        for (int axis = 0; axis < middle.Rank; axis++)
        {
            int coordinate = middle[axis] == 0 ? 0 : outer.Offset / rows[axis] % middle[axis];
            offset += coordinate * inner.Strides[axis];
            room[axis] = middle[axis] - coordinate;
        }
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            if (domain[axis] == 1 || outer.Strides[axis] == 0)
                continue;
            int along = AxisOf(outer.Strides[axis], rows, middle);
            if (along < 0 || room[along] < domain[axis])
                return null;
            // Two axes that walk the same one share its room.
            room[along] -= domain[axis] - 1;
            strides[axis] = inner.Strides[along];
        }
        return new IndexMap(offset, new ValueArray<int>(strides));
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

    private static int AxisOf(int stride, int[] rows, Shape shape)
    {
        for (int axis = 0; axis < rows.Length; axis++)
            if (rows[axis] == stride && shape[axis] > 1)
                return axis;
        return -1;
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
