using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>
/// The values of operations on numbers that every backend computes to the same bits: those that are exact or rounded correctly. Functions
/// such as exp are each backend's own approximation, so they are left to it, which may compute them when it prepares the program.
/// </summary>
internal static class Folding
{
    /// <summary>Whole numbers up to here are float64 numbers, as which constants of every type are kept.</summary>
    private const double LargestWhole = 1L << 53;

    public static Scalar.Constant? Unary(UnaryIntrinsic intrinsic, Scalar.Constant a)
    {
        double x = Number(a);
        return (intrinsic, a.DType) switch
        {
            (UnaryIntrinsic.Negate, _) => a with { Value = -a.Value },
            (UnaryIntrinsic.Not, DType.Bool) => Truth(x == 0),
            (_, DType.Int64 or DType.Bool) => null,
            (UnaryIntrinsic.IsNaN, _) => Truth(double.IsNaN(x)),
            (UnaryIntrinsic.Abs, _) => a with { Value = Math.Abs(x) },
            (UnaryIntrinsic.Sign, _) => a with
            {
                Value =
                    x > 0 ? 1
                    : x < 0 ? -1
                    : x,
            },
            (UnaryIntrinsic.Floor, _) => a with { Value = Math.Floor(x) },
            (UnaryIntrinsic.Ceiling, _) => a with { Value = Math.Ceiling(x) },
            (UnaryIntrinsic.Round, _) => a with { Value = Math.Round(x) },
            (UnaryIntrinsic.Sqrt, _) => a with { Value = Rounded(Math.Sqrt(x), a.DType) },
            _ => null,
        };
    }

    public static Scalar.Constant? Binary(BinaryIntrinsic intrinsic, Scalar.Constant a, Scalar.Constant b)
    {
        (double x, double y) = (Number(a), Number(b));
        return intrinsic switch
        {
            BinaryIntrinsic.Equal => Truth(x == y),
            BinaryIntrinsic.NotEqual => Truth(x != y),
            BinaryIntrinsic.Less => Truth(x < y),
            BinaryIntrinsic.LessOrEqual => Truth(x <= y),
            BinaryIntrinsic.Greater => Truth(x > y),
            BinaryIntrinsic.GreaterOrEqual => Truth(x >= y),
            BinaryIntrinsic.And => Truth(x != 0 && y != 0),
            BinaryIntrinsic.Or => Truth(x != 0 || y != 0),
            _ when a.DType.IsFloat && Arithmetic(intrinsic, x, y) is { } value => a with
            {
                Value = Rounded(value, a.DType),
            },
            _ => null,
        };
    }

    public static Scalar.Constant? Cast(Scalar.Constant a, DType to)
    {
        double x = Number(a);
        return to switch
        {
            DType.Float32 or DType.Float64 => new Scalar.Constant(Rounded(x, to), to),
            DType.Int64 when Math.Abs(x) <= LargestWhole => new Scalar.Constant(Math.Truncate(x), to),
            DType.Bool when !double.IsNaN(x) => new Scalar.Constant(x == 0 ? 0 : 1, to),
            _ => null,
        };
    }

    /// <summary>Float32 arithmetic is float64 arithmetic of its numbers, rounded once more.</summary>
    private static double? Arithmetic(BinaryIntrinsic intrinsic, double x, double y) =>
        intrinsic switch
        {
            BinaryIntrinsic.Add => x + y,
            BinaryIntrinsic.Subtract => x - y,
            BinaryIntrinsic.Multiply => x * y,
            BinaryIntrinsic.Divide => x / y,
            // Of equal zeros and of NaN, the sign and the payload are the backend's.
            BinaryIntrinsic.Minimum when x < y || y < x => Math.Min(x, y),
            BinaryIntrinsic.Maximum when x < y || y < x => Math.Max(x, y),
            _ => null,
        };

    /// <summary>The number that the constant is in its element type; a whole number has no negative zero.</summary>
    private static double Number(Scalar.Constant constant) =>
        constant.DType == DType.Int64 ? Math.Truncate(constant.Value) + 0.0 : Rounded(constant.Value, constant.DType);

    private static double Rounded(double value, DType dtype) => dtype == DType.Float32 ? (float)value : value;

    private static Scalar.Constant Truth(bool holds) => new(holds ? 1 : 0, DType.Bool);
}
