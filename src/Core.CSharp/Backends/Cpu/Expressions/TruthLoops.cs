using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>The loops of truth values, which are bytes 0 and 1.</summary>
internal static unsafe class TruthLoops<V>
    where V : unmanaged, ILanes<V, byte>
{
    public static nint Unary(UnaryIntrinsic intrinsic) =>
        intrinsic == UnaryIntrinsic.Not
            ? (nint)(delegate* <byte*, byte*, nint, void>)&Elementwise.Unary<UnaryFunctions.Not, V, byte>
            : throw new NotSupportedException($"{intrinsic} of truth values");

    public static nint Binary(BinaryIntrinsic intrinsic) =>
        intrinsic switch
        {
            BinaryIntrinsic.And or BinaryIntrinsic.Minimum or BinaryIntrinsic.Multiply => Binary<BinaryFunctions.And>(),
            BinaryIntrinsic.Or or BinaryIntrinsic.Maximum => Binary<BinaryFunctions.Or>(),
            _ => throw new NotSupportedException($"{intrinsic} of truth values"),
        };

    public static nint Select() => (nint)(delegate* <byte*, byte*, nint, byte*, nint, byte*, nint, void>)&Choose;

    private static nint Binary<TOp>()
        where TOp : struct, IBinary =>
        (nint)(delegate* <byte*, nint, byte*, nint, byte*, nint, void>)&Elementwise.Binary<TOp, V, byte>;

    private static void Choose(byte* condition, byte* a, nint aStep, byte* b, nint bStep, byte* y, nint n)
    {
        for (nint i = 0; i < n; i++)
            y[i] = condition[i] != 0 ? a[i * aStep] : b[i * bStep];
    }
}
