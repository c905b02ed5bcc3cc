using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Whether a reduction folds along its rows, or across them, many columns side by side. The two add in different orders, so what stands in
/// front of the innermost kept axes, the items of a batch, has no say: an item is to the bit what it is alone.
/// </summary>
internal static class FoldDirection
{
    /// <summary>Finding a run of elements costs as much as reading so many.</summary>
    private const int EntryToRun = 16;

    /// <summary>Whether elements lie nearer to each other across the rows, and reading them so costs less.</summary>
    public static bool IsAcross(Reduce reduce, ReadOnlySpan<Slot> slots)
    {
        int inner = LastLong(reduce.Domain, 0, reduce.Kept);
        int first = FirstJoined(reduce, inner);
        return IsNearer(reduce, inner)
            && Cost(Accesses(reduce, slots, first, isAcross: true))
                < Cost(Accesses(reduce, slots, first, isAcross: false));
    }

    /// <summary>The ways of the operands over the axes from one on, the kept ones first, or (across) last.</summary>
    public static Access[] Accesses(Reduce reduce, ReadOnlySpan<Slot> slots, int first, bool isAcross)
    {
        int cut = isAcross ? reduce.Kept : first;
        int[] domain = Rotated(reduce.Domain.Span, first, cut);
        var accesses = new Access[reduce.Inputs.Count];
        for (int i = 0; i < accesses.Length; i++)
        {
            Operand operand = reduce.Inputs[i];
            accesses[i] = Preparation.AccessOf(operand, slots, domain, Rotated(operand.Map.Strides.Span, first, cut));
        }
        return accesses;
    }

    private static int[] Rotated(ReadOnlySpan<int> axes, int first, int cut) => [.. axes[cut..], .. axes[first..cut]];

    private static bool IsNearer(Reduce reduce, int inner)
    {
        int reduced = LastLong(reduce.Domain, reduce.Kept, reduce.Domain.Rank);
        foreach (Operand operand in reduce.Inputs)
        {
            int step = Math.Abs(operand.Map.Strides[inner]);
            if (step > 0 && step < Math.Abs(operand.Map.Strides[reduced]))
                return true;
        }
        return false;
    }

    /// <summary>The last axis in a range that has more than one place.</summary>
    private static int LastLong(Shape domain, int first, int end)
    {
        int axis = end - 1;
        while (axis > first && domain[axis] == 1)
            axis--;
        return axis;
    }

    /// <summary>The first of the kept axes that all operands walk as one with the innermost.</summary>
    private static int FirstJoined(Reduce reduce, int inner)
    {
        int first = inner;
        while (first > 0 && reduce.Inputs.ToArray().All(operand => Joins(operand.Map.Strides.Span, first)))
            first--;
        return first;

        bool Joins(ReadOnlySpan<int> strides, int axis) =>
            reduce.Domain[axis - 1] == 1 || strides[axis - 1] == (long)strides[axis] * reduce.Domain[axis];
    }

    private static int Cost(Access[] accesses)
    {
        int cost = 0;
        foreach (Access access in accesses)
            if (!access.IsLinear && !access.IsUniform && access.Row < BlockPlan.ShortestRow)
                cost += (access.Row > 0 ? 1 : 3) + (EntryToRun / access.Inner);
        return cost;
    }
}
