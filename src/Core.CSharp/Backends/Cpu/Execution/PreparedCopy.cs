using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A map that only copies, into rows without gaps: a transpose, by blocks that stay in the nearest cache, or many long rows as they are, which other maps
/// would gather first.
/// </summary>
internal sealed unsafe class PreparedCopy<T> : PreparedKernel
    where T : unmanaged
{
    private const double NanosecondsPerElement = 0.5;

    /// <summary>Rows that are transposed together.</summary>
    private const int Block = 16;

    /// <summary>Rows as they are have at least so many bytes.</summary>
    private const int LongRow = 256;

    /// <summary>And there are so many, for threads share out whole rows.</summary>
    private const int ManyRows = 64;

    private readonly SlotView source;
    private readonly SlotView target;
    private readonly JointAxes items;
    private readonly int allRows;
    private readonly int rows;
    private readonly int columns;
    private readonly int sourceRow;
    private readonly int sourceColumn;
    private readonly int targetRow;
    private readonly double nanoseconds;

    public PreparedCopy(Map map, ReadOnlySpan<Slot> slots)
    {
        ReadOnlySpan<int> from = map.Inputs[0].Map.Strides.Span;
        source = SlotView.Of(map.Inputs[0], slots);
        target = SlotView.Of(map.Output, slots);
        items = JointAxes.Of(map.Domain.Take(map.Domain.Rank - 2), map.Inputs[0].Map, map.Output.Map);
        (rows, columns) = (map.Domain[^2], map.Domain[^1]);
        allRows = map.Domain.Length / columns;
        (sourceRow, sourceColumn, targetRow) = (from[^2], from[^1], map.Output.Map.Strides[^2]);
        nanoseconds = map.Domain.Length * NanosecondsPerElement;
    }

    /// <summary>Whether a map is such a copy.</summary>
    public static bool Is(Map map) =>
        map is { Body: Scalar.Input, Inputs: [_] }
        && map.Domain.Rank >= 2
        && map.Domain[^2] > 1
        && map.Domain[^1] > 1
        && map.Output.Map.Strides[^1] == 1
        && (map.Inputs[0].Map.Strides[^1] is not (0 or 1) || IsOfLongRows(map));

    private static bool IsOfLongRows(Map map) =>
        map.Inputs[0].Map.Strides[^1] == 1
        && map.Domain[^1] * sizeof(T) >= LongRow
        && map.Domain.Length / map.Domain[^1] >= ManyRows;

    public override void Run(Frame frame)
    {
        int parts = Workers.PartsFor(nanoseconds);
        if (parts > 1)
        {
            Job job = new(this, frame);
            Workers.Run(parts, ref job);
        }
        else
            Rows(frame, 0, allRows);
    }

    /// <summary>Copies some of the rows of all items. Both ends are counted from the item under way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows(Frame frame, int start, int end)
    {
        T* from = (T*)source.In(frame);
        T* to = (T*)target.In(frame);
        for (JointAxes.Walk walk = items.Start(); walk.Remains && end > 0; walk.Next())
        for (int item = 0; item < items.Inner; item++, start -= rows, end -= rows)
        {
            nint first = Math.Max(start, 0);
            nint count = Math.Min(end, rows) - first;
            if (count <= 0)
                continue;
            T* origin = from + walk[0] + (item * items.InnerStride(0)) + (first * sourceRow);
            T* place = to + walk[1] + (item * items.InnerStride(1)) + (first * targetRow);
            Packing.Copy(count, columns, new Matrix<T>(origin, sourceRow, sourceColumn), place, targetRow);
        }
    }

    private readonly struct Job(PreparedCopy<T> copy, Frame frame) : IJob
    {
        private readonly int grain = copy.sourceColumn == 1 ? 1 : Block;

        public void Run(int part, int parts) =>
            copy.Rows(
                frame,
                (int)Workers.Start(copy.allRows, grain, part, parts),
                (int)Workers.Start(copy.allRows, grain, part + 1, parts)
            );
    }
}
