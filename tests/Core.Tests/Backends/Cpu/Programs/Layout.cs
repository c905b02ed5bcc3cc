using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>An index map over a domain, of some kind, and how many elements it needs.</summary>
internal static class Layout
{
    public const int Kinds = 8;

    /// <summary>0 contiguous, 1 with an offset, 2 reversed, 3 one element, 4 axes permuted, 5 last axes repeated, 6 with gaps, 7 first axes repeated.</summary>
    public static (IndexMap Map, int Length) Of(int kind, Shape domain)
    {
        int[] strides = IndexMap.RowMajor(domain);
        int rank = domain.Rank;
        int last = Math.Max(0, domain.Length - 1);
        switch (kind)
        {
            case 1:
                return (new IndexMap(3, new ValueArray<int>(strides)), last + 4);
            case 2:
                return (new IndexMap(last, [.. strides.Select(s => -s)]), last + 1);
            case 3:
                return (new IndexMap(1, new ValueArray<int>(new int[rank])), 2);
            case 4:
                int[] reversed = IndexMap.RowMajor([.. domain.Reverse()]);
                return (new IndexMap(0, [.. reversed.Reverse()]), last + 1);
            case 5:
                int[] leading = IndexMap.RowMajor(domain.Take(rank / 2));
                return (new IndexMap(0, [.. leading, .. new int[rank - (rank / 2)]]), last + 1);
            case 6:
                return (new IndexMap(2, [.. strides.Select(s => 2 * s)]), (2 * last) + 3);
            case 7:
                int half = (rank + 1) / 2;
                return (new IndexMap(0, [.. new int[half], .. strides[half..]]), last + 1);
            default:
                return (IndexMap.Contiguous(domain), last + 1);
        }
    }

    /// <summary>The coordinates of all points, in row-major order.</summary>
    public static IEnumerable<int[]> Points(Shape domain)
    {
        for (int number = 0; number < domain.Length; number++)
        {
            int[] point = new int[domain.Rank];
            int rest = number;
            for (int axis = domain.Rank - 1; axis >= 0; axis--)
            {
                point[axis] = rest % domain[axis];
                rest /= domain[axis];
            }
            yield return point;
        }
    }

    public static int Element(IndexMap map, int[] point)
    {
        int element = map.Offset;
        for (int axis = 0; axis < point.Length; axis++)
            element += point[axis] * map.Strides[axis];
        return element;
    }
}
