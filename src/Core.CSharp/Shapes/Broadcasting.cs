namespace Implicit.Shapes;

/// <summary>
/// The rule by which shapes of different rank or with extents of 1 meet: aligned at the last axis, an extent
/// of 1 repeats (NumPy's "General broadcasting rules").
/// </summary>
internal static class Broadcasting
{
    /// <summary>The common shape of two operands.</summary>
    public static Shape Join(string op, Shape a, Shape b)
    {
        if (a == b || b.Rank == 0)
            return a;
        if (a.Rank == 0)
            return b;
        int rank = Math.Max(a.Rank, b.Rank);
        int[] joined = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int left = ExtentAt(a, i, rank);
            int right = ExtentAt(b, i, rank);
            if (left != right && left != 1 && right != 1)
                Throw.Error(op, "shapes must agree, or be 1, at each axis from the last", $"{a} and {b}");
            joined[i] = left == 1 ? right : left;
        }
        return joined;
    }

    /// <summary>Whether <paramref name="from"/> repeats to <paramref name="to"/>.</summary>
    public static bool Fits(Shape from, Shape to)
    {
        if (from.Rank > to.Rank)
            return false;
        for (int i = 0; i < to.Rank; i++)
        {
            int extent = ExtentAt(from, i, to.Rank);
            if (extent != 1 && extent != to[i])
                return false;
        }
        return true;
    }

    private static int ExtentAt(Shape shape, int axis, int rank)
    {
        int own = axis - (rank - shape.Rank);
        return own < 0 ? 1 : shape.Span[own];
    }
}
