using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Axes with their strides, those that are walked as one joined, those of extent 1 left out; at least one. Of no points, one of a single point.</summary>
internal sealed unsafe class StridedAxes
{
    private const int MostAxes = 32;

    /// <summary>Rows of so many elements or fewer are gathered column by column.</summary>
    private const int FewColumns = 16;

    private StridedAxes(int[] extents, int[] strides)
    {
        Extents = extents;
        Strides = strides;
    }

    public int[] Extents { get; }
    public int[] Strides { get; }
    public int Rank => Extents.Length;

    public static StridedAxes Of(Shape domain, ReadOnlySpan<int> strides)
    {
        if (domain.Length == 0)
            return new StridedAxes([1], [0]);
        var extents = new List<int>();
        var joined = new List<int>();
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            int extent = domain[axis];
            if (extent == 1)
                continue;
            if (joined.Count > 0 && joined[^1] == (long)strides[axis] * extent)
            {
                extents[^1] *= extent;
                joined[^1] = strides[axis];
                continue;
            }
            extents.Add(extent);
            joined.Add(strides[axis]);
        }
        return extents.Count == 0 ? new StridedAxes([1], [0]) : new StridedAxes([.. extents], [.. joined]);
    }

    /// <summary>The element of a point, counted in row-major order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long Offset(long point)
    {
        long offset = 0;
        for (int axis = Extents.Length - 1; axis > 0 && point != 0; axis--)
        {
            (long outer, long coordinate) = Math.DivRem(point, Extents[axis]);
            offset += coordinate * Strides[axis];
            point = outer;
        }
        return offset + (point * Strides[0]);
    }

    /// <summary>target[i] = the element of point start + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather<T>(T* source, long start, int count, T* target)
        where T : unmanaged
    {
        int* coordinates = stackalloc int[MostAxes];
        T* at = source + Enter(start, coordinates);
        int last = Extents.Length - 1;
        int stride = Strides[last];
        while (count > 0)
        {
            int run = Math.Min(count, Extents[last] - coordinates[last]);
            int rows = ShortRows(count, coordinates);
            if (rows > 1)
            {
                GatherColumns(at, rows, target);
                run *= rows;
                at += (long)(rows - 1) * Strides[last - 1];
                coordinates[last - 1] += rows - 1;
                at += Advance(Extents[last], coordinates);
            }
            else
            {
                Copies.Gather(at, stride, target, run);
                at += Advance(run, coordinates);
            }
            target += run;
            count -= run;
        }
    }

    /// <summary>How many whole rows of few elements come next, one stride after the other; 0 where rows are long or this one has begun.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ShortRows(int count, int* coordinates)
    {
        int last = Extents.Length - 1;
        return last > 0 && Extents[last] <= FewColumns && coordinates[last] == 0
            ? Math.Min(count / Extents[last], Extents[last - 1] - coordinates[last - 1])
            : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherColumns<T>(T* source, int rows, T* target)
        where T : unmanaged
    {
        nint columns = Extents[^1];
        nint stride = Strides[^2];
        for (nint column = 0; column < columns; column++)
        {
            T* at = source + (column * Strides[^1]);
            for (nint i = column; i < rows * columns; i += columns, at += stride)
                target[i] = *at;
        }
    }

    /// <summary>The element of point start + i = source[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter<T>(T* source, long start, int count, T* target)
        where T : unmanaged
    {
        int* coordinates = stackalloc int[MostAxes];
        T* at = target + Enter(start, coordinates);
        int last = Extents.Length - 1;
        int stride = Strides[last];
        while (count > 0)
        {
            int run = Math.Min(count, Extents[last] - coordinates[last]);
            Copies.Scatter(source, at, stride, run);
            source += run;
            count -= run;
            at += Advance(run, coordinates);
        }
    }

    /// <summary>Goes to a point; gives its element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Enter(long point, int* coordinates)
    {
        long offset = 0;
        for (int axis = Extents.Length - 1; axis >= 0; axis--)
        {
            (long outer, long coordinate) = Math.DivRem(point, Extents[axis]);
            coordinates[axis] = (int)coordinate;
            offset += coordinate * Strides[axis];
            point = outer;
        }
        return offset;
    }

    /// <summary>Goes on by a run that does not pass the end of the last axis; gives the way in elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Advance(int run, int* coordinates)
    {
        int axis = Extents.Length - 1;
        long way = (long)run * Strides[axis];
        coordinates[axis] += run;
        while (coordinates[axis] == Extents[axis] && axis > 0)
        {
            way -= (long)Extents[axis] * Strides[axis];
            coordinates[axis--] = 0;
            coordinates[axis]++;
            way += Strides[axis];
        }
        return way;
    }
}
