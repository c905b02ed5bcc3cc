using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Axes that up to four operands are walked over together, joined where all of them allow it.</summary>
internal sealed class JointAxes
{
    private const int MostOperands = 4;
    private readonly int[] extents;
    private readonly int[][] strides;
    private readonly long outer;

    private JointAxes(int[] extents, int[][] strides)
    {
        this.extents = extents;
        this.strides = strides;
        outer = 1;
        foreach (int extent in extents.AsSpan(0, extents.Length - 1))
            outer *= extent;
        if (Inner == 0)
            outer = 0;
    }

    /// <summary>The extent of the last axis, which the caller walks itself.</summary>
    public int Inner => extents[^1];

    public static JointAxes Of(Shape domain, params ReadOnlySpan<IndexMap> maps)
    {
        var extents = new List<int>();
        var strides = new List<int[]>();
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            int[] step = new int[MostOperands];
            for (int operand = 0; operand < maps.Length; operand++)
                step[operand] = maps[operand].Strides[axis];
            if (domain[axis] == 1)
                continue;
            if (strides.Count > 0 && Joins(strides[^1], step, domain[axis]))
            {
                extents[^1] *= domain[axis];
                strides[^1] = step;
                continue;
            }
            extents.Add(domain[axis]);
            strides.Add(step);
        }
        return extents.Count == 0
            ? new JointAxes([1], [new int[MostOperands]])
            : new JointAxes([.. extents], [.. strides]);
    }

    public int InnerStride(int operand) => strides[^1][operand];

    public Walk Start() => new(this);

    private static bool Joins(int[] outer, int[] inner, int extent)
    {
        for (int operand = 0; operand < MostOperands; operand++)
            if (outer[operand] != (long)inner[operand] * extent)
                return false;
        return true;
    }

    /// <summary>A place among all axes but the last.</summary>
    internal struct Walk(JointAxes axes)
    {
        private Offsets offsets;
        private Coordinates coordinates;
        private long left = axes.outer;

        public readonly bool Remains => left > 0;

        /// <summary>Where an operand's inner axis begins, in elements.</summary>
        public readonly nint this[int operand] => offsets[operand];

        public void Next()
        {
            left--;
            for (int axis = axes.extents.Length - 2; axis >= 0; axis--)
            {
                bool carry = ++coordinates[axis] == axes.extents[axis];
                int way = carry ? 1 - axes.extents[axis] : 1;
                for (int operand = 0; operand < MostOperands; operand++)
                    offsets[operand] += (nint)way * axes.strides[axis][operand];
                if (!carry)
                    return;
                coordinates[axis] = 0;
            }
        }
    }

    [InlineArray(MostOperands)]
    private struct Offsets
    {
        private nint first;
    }

    [InlineArray(32)]
    private struct Coordinates
    {
        private int first;
    }
}
