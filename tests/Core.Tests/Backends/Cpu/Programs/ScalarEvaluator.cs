using Implicit.Kernels;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>The meaning of a scalar expression, one point at a time, in float64 rounded to the element type.</summary>
internal static class ScalarEvaluator
{
    public static double Evaluate(Scalar body, Func<int, double> input, int[] point)
    {
        double At(Scalar s) => Evaluate(s, input, point);
        double value = body switch
        {
            Scalar.Input i => input(i.Position),
            Scalar.Constant c => c.Value,
            Scalar.Index index => point[index.Axis],
            Scalar.Unary u => Of(u.Intrinsic, At(u.A)),
            Scalar.Binary b => Of(b.Intrinsic, At(b.A), At(b.B), b.A.DType),
            Scalar.Select s => At(s.Condition) != 0 ? At(s.Then) : At(s.Otherwise),
            Scalar.Cast { To: DType.Bool } cast => At(cast.A) != 0 ? 1 : 0,
            Scalar.Cast { To: DType.Int64 } cast => Math.Truncate(At(cast.A)),
            Scalar.Cast cast => At(cast.A),
            _ => throw new NotSupportedException(body.GetType().Name),
        };
        return body.DType == DType.Float32 ? (float)value : value;
    }

    public static double Of(UnaryIntrinsic intrinsic, double x) =>
        intrinsic switch
        {
            UnaryIntrinsic.Negate => -x,
            UnaryIntrinsic.Abs => Math.Abs(x),
            UnaryIntrinsic.Sign => double.IsNaN(x) ? x : Math.Sign(x),
            UnaryIntrinsic.Floor => Math.Floor(x),
            UnaryIntrinsic.Ceiling => Math.Ceiling(x),
            UnaryIntrinsic.Round => Math.Round(x),
            UnaryIntrinsic.Sqrt => Math.Sqrt(x),
            UnaryIntrinsic.Exp => Math.Exp(x),
            UnaryIntrinsic.Sin => Math.Sin(x),
            UnaryIntrinsic.Cos => Math.Cos(x),
            UnaryIntrinsic.Tanh => Math.Tanh(x),
            UnaryIntrinsic.Not => 1 - x,
            UnaryIntrinsic.IsNaN => double.IsNaN(x) ? 1 : 0,
            _ => throw new NotSupportedException($"{intrinsic}"),
        };

    public static double Of(BinaryIntrinsic intrinsic, double a, double b, DType dtype) =>
        intrinsic switch
        {
            BinaryIntrinsic.Add => a + b,
            BinaryIntrinsic.Subtract => a - b,
            BinaryIntrinsic.Multiply => a * b,
            BinaryIntrinsic.Divide => dtype == DType.Int64 ? Math.Truncate(a / b) : a / b,
            BinaryIntrinsic.Minimum => Math.Min(a, b),
            BinaryIntrinsic.Maximum => Math.Max(a, b),
            BinaryIntrinsic.Equal => a == b ? 1 : 0,
            BinaryIntrinsic.NotEqual => a != b ? 1 : 0,
            BinaryIntrinsic.Less => a < b ? 1 : 0,
            BinaryIntrinsic.LessOrEqual => a <= b ? 1 : 0,
            BinaryIntrinsic.Greater => a > b ? 1 : 0,
            BinaryIntrinsic.GreaterOrEqual => a >= b ? 1 : 0,
            BinaryIntrinsic.And => a * b,
            BinaryIntrinsic.Or => Math.Max(a, b),
            _ => throw new NotSupportedException($"{intrinsic}"),
        };
}
