using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>
/// Lets maps walk their domain along the axis along which most operands lie: a sum of transposes is one transpose of a sum, where each term would
/// be gathered.
/// </summary>
internal static class WalkOrder
{
    /// <summary>So few points are read in any order about as fast, and written in order faster.</summary>
    private const int FewPoints = 64;

    public static Program Run(Program program) =>
        program with
        {
            Kernels = [.. program.Kernels.ToArray().Select(kernel => kernel is Map map ? Ordered(map) : kernel)],
        };

    private static Map Ordered(Map map)
    {
        if (map.Domain.Length <= FewPoints || ScalarBody.UsesIndex(map.Body))
            return map;
        int last = map.Domain.Rank - 1;
        while (map.Domain[last] == 1)
            last--;
        int best = last;
        for (int axis = 0; axis < last; axis++)
            if (map.Domain[axis] > 1 && Across(map, axis) < Across(map, best))
                best = axis;
        return best == last ? map : WithLast(map, best);
    }

    /// <summary>How many operands do not lie along an axis.</summary>
    private static int Across(Map map, int axis) =>
        map.Inputs.Append(map.Output).Count(operand => operand.Map.Strides[axis] is not (0 or 1));

    private static Map WithLast(Map map, int axis)
    {
        ValueArray<int> Moved(ReadOnlySpan<int> axes) => [.. axes[..axis], .. axes[(axis + 1)..], axes[axis]];
        Operand Turned(Operand operand) =>
            operand with
            {
                Map = operand.Map with { Strides = Moved(operand.Map.Strides.Span) },
            };
        return map with
        {
            Domain = [.. Moved(map.Domain.ToArray())],
            Inputs = [.. Array.ConvertAll(map.Inputs.ToArray(), Turned)],
            Output = Turned(map.Output),
        };
    }
}
