using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>The loops that make and use truth values of one element type.</summary>
internal static unsafe class ComparisonLoops<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    /// <summary>Greater uses the loop of less: the operands of its node are exchanged.</summary>
    public static Loop Of(BinaryIntrinsic intrinsic) =>
        intrinsic switch
        {
            BinaryIntrinsic.Equal => new Loop(CallShape.Compare, Address<Comparisons.Equal>()),
            BinaryIntrinsic.NotEqual => new Loop(CallShape.Compare, Address<Comparisons.Equal>(), Inverted: true),
            BinaryIntrinsic.Less or BinaryIntrinsic.Greater => new Loop(CallShape.Compare, Address<Comparisons.Less>()),
            _ => new Loop(CallShape.Compare, Address<Comparisons.LessOrEqual>()),
        };

    public static nint Select() => (nint)(delegate* <byte*, T*, nint, T*, nint, T*, nint, void>)&Masks.Select<V, T>;

    private static nint Address<TOp>()
        where TOp : struct, IBinary =>
        (nint)(delegate* <T*, nint, T*, nint, byte, byte*, nint, void>)&Masks.Compare<TOp, V, T>;
}
