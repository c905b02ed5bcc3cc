using System.Runtime.CompilerServices;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>What all ways to reduce need: the body, how many are kept and reduced, and where results go.</summary>
internal sealed unsafe class ReduceParts
{
    /// <summary>As many results are collected before they are written.</summary>
    public const int MostResults = 512;

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
        ByColumns = !IsArg && Reduced > 1 && Kept > 1 && FoldDirection.IsAcross(reduce, slots);
        HasLongRows = ByColumns && 2 * Kept > BlockPlan.MostPerBlock;
        Program = ByColumns
            ? new BlockProgram(
                body,
                reducedShape.Concat(keptShape),
                FoldDirection.Accesses(reduce, slots, 0, isAcross: true),
                null,
                Segment(Kept),
                reduce.Domain.Rank - reduce.Kept,
                HasLongRows ? reduce.Reduction : null
            )
            : new BlockProgram(
                body,
                reduce.Domain,
                Preparation.AccessesOf(reduce.Inputs, slots, reduce.Domain),
                null,
                Segment(Reduced)
            );
    }

    public BlockProgram Program { get; }

    public int Kept { get; }

    public int Reduced { get; }

    /// <summary>The type that is folded; truth values are folded as int64.</summary>
    public DType DType { get; }

    public bool IsArg { get; }

    /// <summary>Whether the kept axes are walked innermost: results of a block grow side by side.</summary>
    public bool ByColumns { get; }

    /// <summary>Whether, of kept axes innermost, a block holds one row at most.</summary>
    public bool HasLongRows { get; }

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
