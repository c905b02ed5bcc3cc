using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>The loops of floating-point numbers.</summary>
internal static unsafe class FloatLoops<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    public static nint Unary(UnaryIntrinsic intrinsic) =>
        intrinsic switch
        {
            UnaryIntrinsic.Negate => Unary<UnaryFunctions.Negate>(),
            UnaryIntrinsic.Abs => Unary<UnaryFunctions.Abs>(),
            UnaryIntrinsic.Sign => Unary<UnaryFunctions.Sign>(),
            UnaryIntrinsic.Floor => Unary<UnaryFunctions.Floor>(),
            UnaryIntrinsic.Ceiling => Unary<UnaryFunctions.Ceiling>(),
            UnaryIntrinsic.Round => Unary<UnaryFunctions.Round>(),
            UnaryIntrinsic.Sqrt => Unary<UnaryFunctions.Sqrt>(),
            UnaryIntrinsic.Exp => Unary<UnaryFunctions.Exp>(),
            UnaryIntrinsic.Expm1 => Unary<UnaryFunctions.Expm1>(),
            UnaryIntrinsic.Log => Unary<UnaryFunctions.Log>(),
            UnaryIntrinsic.Log1p => Unary<UnaryFunctions.Log1p>(),
            UnaryIntrinsic.Log10 => Unary<UnaryFunctions.Log10>(),
            UnaryIntrinsic.Sin => Unary<UnaryFunctions.Sin>(),
            UnaryIntrinsic.Cos => Unary<UnaryFunctions.Cos>(),
            UnaryIntrinsic.Tan => Unary<UnaryFunctions.Tan>(),
            UnaryIntrinsic.Asin => Unary<UnaryFunctions.Asin>(),
            UnaryIntrinsic.Acos => Unary<UnaryFunctions.Acos>(),
            UnaryIntrinsic.Atan => Unary<UnaryFunctions.Atan>(),
            UnaryIntrinsic.Sinh => Unary<UnaryFunctions.Sinh>(),
            UnaryIntrinsic.Cosh => Unary<UnaryFunctions.Cosh>(),
            UnaryIntrinsic.Tanh => Unary<UnaryFunctions.Tanh>(),
            UnaryIntrinsic.Sigmoid => Unary<UnaryFunctions.Sigmoid>(),
            UnaryIntrinsic.Silu => Unary<UnaryFunctions.Silu>(),
            UnaryIntrinsic.NormalDensity => Unary<UnaryFunctions.NormalDensity>(),
            UnaryIntrinsic.Erf => Unary<UnaryFunctions.Erf>(),
            UnaryIntrinsic.NormalCdf => Unary<UnaryFunctions.NormalCdf>(),
            UnaryIntrinsic.Gelu => Unary<UnaryFunctions.Gelu>(),
            _ => throw new NotSupportedException($"{intrinsic} of floating-point numbers"),
        };

    public static nint Binary(BinaryIntrinsic intrinsic) =>
        intrinsic switch
        {
            BinaryIntrinsic.Add => Binary<BinaryFunctions.Add>(),
            BinaryIntrinsic.Subtract => Binary<BinaryFunctions.Subtract>(),
            BinaryIntrinsic.Multiply => Binary<BinaryFunctions.Multiply>(),
            BinaryIntrinsic.Divide => Binary<BinaryFunctions.Divide>(),
            BinaryIntrinsic.Power => Binary<BinaryFunctions.Power>(),
            BinaryIntrinsic.Atan2 => Binary<BinaryFunctions.Atan2>(),
            BinaryIntrinsic.Minimum => Binary<BinaryFunctions.Minimum>(),
            BinaryIntrinsic.Maximum => Binary<BinaryFunctions.Maximum>(),
            _ => throw new NotSupportedException($"{intrinsic} of floating-point numbers"),
        };

    public static nint MultiplyAdd() =>
        (nint)(delegate* <T*, nint, T*, nint, T*, nint, T*, nint, void>)&Elementwise.MultiplyAdd<V, T>;

    private static nint Unary<TOp>()
        where TOp : struct, IUnary => (nint)(delegate* <T*, T*, nint, void>)&Elementwise.Unary<TOp, V, T>;

    private static nint Binary<TOp>()
        where TOp : struct, IBinary =>
        (nint)(delegate* <T*, nint, T*, nint, T*, nint, void>)&Elementwise.Binary<TOp, V, T>;
}
