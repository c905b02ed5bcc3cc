using System.Runtime.CompilerServices;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>What all ways to reduce need: the body, how many are kept and reduced, and where results go.</summary>
internal sealed unsafe class ReduceParts
{
    /// <summary>As many results are collected before they are written.</summary>
    public const int MostResults = 512;

    /// <summary>Finding a run of elements costs as much as reading so many.</summary>
    private const int EntryToRun = 16;

    private readonly Access output;

    public ReduceParts(Reduce reduce, ReadOnlySpan<Slot> slots)
    {
        Shape keptShape = reduce.Domain.Take(reduce.Kept);
        Shape reducedShape = reduce.Domain.Skip(reduce.Kept);
        Kept = keptShape.Length;
        Reduced = reducedShape.Length;
        if (Kept > 0 && Reduced == 0)
            ForbidEmpty(reduce.Reduction);
        output = Preparation.AccessOf(reduce.Output, slots, keptShape);
        Scalar body = IsWide(reduce) ? new Scalar.Cast(reduce.Body, DType.Int64) : reduce.Body;
        DType = body.DType;
        IsArg = reduce.Reduction >= Kernels.Reduction.ArgMinimum;
        Access[] rows = Preparation.AccessesOf(reduce.Inputs, slots, reduce.Domain);
        Shape swapped = reducedShape.Concat(keptShape);
        Access[] columns = Columns(reduce, slots, swapped);
        ByColumns = !IsArg && Reduced > 1 && Kept > 1 && Cost(columns) < Cost(rows);
        Program = ByColumns
            ? new BlockProgram(body, swapped, columns, null, Segment(Kept), reduce.Domain.Rank - reduce.Kept)
            : new BlockProgram(body, reduce.Domain, rows, null, Segment(Reduced));
    }

    public BlockProgram Program { get; }

    public int Kept { get; }

    public int Reduced { get; }

    /// <summary>The type that is folded; truth values are folded as int64.</summary>
    public DType DType { get; }

    public bool IsArg { get; }

    /// <summary>Whether the kept axes are walked innermost: results of a block grow side by side.</summary>
    public bool ByColumns { get; }

    /// <summary>Writes results, which lie 8 bytes apart if they are truth values, else without gaps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(Frame frame, long start, int count, byte* results)
    {
        if (output.Size == 1)
            Copies.Gather(results, sizeof(long), results, count);
        output.Scatter(frame, start, count, results);
    }

    private static bool IsWide(Reduce reduce) => reduce.Body.DType == DType.Bool;

    /// <summary>Small rows are evaluated several to a block.</summary>
    private static int Segment(int row) => row is 0 or > MostResults ? row : MostResults / row * row;

    private static Access[] Columns(Reduce reduce, ReadOnlySpan<Slot> slots, Shape swapped)
    {
        var accesses = new Access[reduce.Inputs.Count];
        for (int i = 0; i < accesses.Length; i++)
        {
            Operand operand = reduce.Inputs[i];
            ReadOnlySpan<int> strides = operand.Map.Strides.Span;
            int[] rotated = [.. strides[reduce.Kept..], .. strides[..reduce.Kept]];
            accesses[i] = Preparation.AccessOf(operand, slots, swapped, rotated);
        }
        return accesses;
    }

    private static int Cost(Access[] accesses)
    {
        int cost = 0;
        foreach (Access access in accesses)
            if (!access.IsLinear && !access.IsUniform && access.Row < BlockPlan.ShortestRow)
                cost += (access.Row > 0 ? 1 : 3) + (EntryToRun / access.Inner);
        return cost;
    }

    private static void ForbidEmpty(Kernels.Reduction reduction)
    {
        string? name = reduction switch
        {
            Kernels.Reduction.Minimum => "min",
            Kernels.Reduction.Maximum => "max",
            Kernels.Reduction.ArgMinimum => "argmin",
            Kernels.Reduction.ArgMaximum => "argmax",
            _ => null,
        };
        if (name != null)
            Throw.Error(name, "there must be at least one element to reduce", "none");
    }
}
