using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>The passes in order. Each takes a program to an equivalent one; memory is planned last.</summary>
internal static class Passes
{
    public static readonly IReadOnlyList<Func<Program, Program>> All =
    [
        InlineConstants.Run,
        Simplify.Run,
        KeepConstants.Run,
        Fuse.Run,
        Simplify.Run,
        DeadKernels.Run,
        Fuse.Run,
        DeadKernels.Run,
        ComputeInPlace.Run,
        Epilogues.Run,
        WalkOrder.Run,
        ShareFactors.Run,
        CondenseEarly.Run,
        Overwrite.Run,
        PlanMemory.Run,
    ];
}
