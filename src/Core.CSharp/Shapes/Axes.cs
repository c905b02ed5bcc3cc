namespace Implicit.Shapes;

/// <summary>Reads axis arguments: negative axes count from the end.</summary>
internal static class Axes
{
    /// <summary>The axis in 0 … rank − 1, or an error that names the operation.</summary>
    public static int Normalise(string op, int axis, int rank)
    {
        if (rank == 0)
            Throw.Error(op, "there must be an axis", $"a scalar, and axis {axis}");
        if (axis < -rank || axis >= rank)
            Throw.Error(op, $"the axis must be in [{-rank}, {rank - 1}] for rank {rank}", $"axis {axis}");
        return axis < 0 ? axis + rank : axis;
    }

    /// <summary>An extent that was computed in 64 bits, or an error that names the operation.</summary>
    public static int Extent(string op, long extent)
    {
        if (extent > int.MaxValue)
            Throw.Error(op, "a tensor must have fewer than 2^31 elements", $"{extent} places");
        return (int)extent;
    }

    /// <summary>0 … rank − 1.</summary>
    public static int[] All(int rank)
    {
        int[] all = new int[rank];
        for (int axis = 0; axis < rank; axis++)
            all[axis] = axis;
        return all;
    }

    /// <summary>Distinct axes, ascending. An empty list means all axes.</summary>
    public static int[] Normalise(string op, ReadOnlySpan<int> axes, int rank)
    {
        if (axes.IsEmpty)
            return All(rank);
        int[] normal = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
            normal[i] = Normalise(op, axes[i], rank);
        Array.Sort(normal);
        for (int i = 1; i < normal.Length; i++)
            if (normal[i] == normal[i - 1])
                Throw.Error(op, "each axis must be named once", $"[{string.Join(", ", axes.ToArray())}]");
        return normal;
    }
}
