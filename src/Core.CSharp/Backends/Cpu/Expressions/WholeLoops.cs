using System.Runtime.CompilerServices;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>The loops of int64, which wraps around.</summary>
internal static unsafe class WholeLoops<V>
    where V : unmanaged, ILanes<V, long>
{
    public static nint Unary(UnaryIntrinsic intrinsic) =>
        intrinsic switch
        {
            UnaryIntrinsic.Negate => Unary<UnaryFunctions.Negate>(),
            UnaryIntrinsic.Abs => Unary<UnaryFunctions.Abs>(),
            UnaryIntrinsic.Sign => Unary<UnaryFunctions.Sign>(),
            UnaryIntrinsic.Floor or UnaryIntrinsic.Ceiling or UnaryIntrinsic.Round => (nint)
                (delegate* <long*, long*, nint, void>)&Same,
            _ => throw new NotSupportedException($"{intrinsic} of int64"),
        };

    public static nint Binary(BinaryIntrinsic intrinsic) =>
        intrinsic switch
        {
            BinaryIntrinsic.Add => Binary<BinaryFunctions.Add>(),
            BinaryIntrinsic.Subtract => Binary<BinaryFunctions.Subtract>(),
            BinaryIntrinsic.Multiply => Binary<BinaryFunctions.Multiply>(),
            BinaryIntrinsic.Minimum => Binary<BinaryFunctions.Minimum>(),
            BinaryIntrinsic.Maximum => Binary<BinaryFunctions.Maximum>(),
            BinaryIntrinsic.Divide => (nint)(delegate* <long*, nint, long*, nint, long*, nint, void>)&Divide,
            BinaryIntrinsic.Power => (nint)(delegate* <long*, nint, long*, nint, long*, nint, void>)&Power,
            _ => throw new NotSupportedException($"{intrinsic} of int64"),
        };

    private static nint Unary<TOp>()
        where TOp : struct, IUnary => (nint)(delegate* <long*, long*, nint, void>)&Elementwise.Unary<TOp, V, long>;

    private static nint Binary<TOp>()
        where TOp : struct, IBinary =>
        (nint)(delegate* <long*, nint, long*, nint, long*, nint, void>)&Elementwise.Binary<TOp, V, long>;

    private static void Same(long* x, long* y, nint n) => Copies.Gather(x, 1, y, n);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(long* a, nint aStep, long* b, nint bStep, long* y, nint n)
    {
        for (nint i = 0; i < n; i++)
        {
            long divisor = b[i * bStep];
            Throw.Unless(divisor != 0, "divide", "a whole number must not be divided by 0", "a divisor of 0");
            // −2⁶³ / −1 would trap.
            y[i] = divisor == -1 ? -a[i * aStep] : a[i * aStep] / divisor;
        }
    }

    private static void Power(long* a, nint aStep, long* b, nint bStep, long* y, nint n)
    {
        for (nint i = 0; i < n; i++)
            y[i] = Power(a[i * aStep], b[i * bStep]);
    }

    private static long Power(long x, long exponent)
    {
        Throw.Unless(exponent >= 0, "pow", "the exponent of a whole number must not be negative", $"{exponent}");
        long power = 1;
        for (; exponent > 0; exponent >>= 1, x *= x)
            if ((exponent & 1) != 0)
                power *= x;
        return power;
    }
}
