using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Ops
{
    /// <summary>An elementwise operation of two operands that integers have too.</summary>
    internal abstract record ArithmeticOp : BinaryOp
    {
        public override DType ResultOf(DType operand) => Arithmetic.Numeric(Name, operand);
    }

    internal static class Arithmetic
    {
        /// <summary>The type itself if its elements are numbers, floating-point or integer.</summary>
        public static DType Numeric(string op, DType operand) =>
            operand.IsFloat || operand == DType.Int64
                ? operand
                : Throw.Error<DType>(op, "the elements must be numbers", operand.Name);
    }
}

namespace Implicit
{
    public sealed partial class Tensor
    {
        /// <summary>A plain number as a tensor. It adapts its element type to the tensor that it meets.</summary>
        /// <param name="number">A number.</param>
        public static implicit operator Tensor(double number) => Literal(number, DType.Float64);

        /// <summary>Applies a two-operand operation after plain numbers have adapted to the other's element type.</summary>
        private static Tensor Operate(BinaryOp op, Tensor a, Tensor b)
        {
            if (a.DType == b.DType)
                return Apply(op, a, b);
            if (b.Op is LiteralOp { Number: double right })
                return Apply(op, a, Adapted(op.Name, right, a.DType));
            if (a.Op is LiteralOp { Number: double left })
                return Apply(op, Adapted(op.Name, left, b.DType), b);
            return Apply(op, a, b);
        }

        private static Tensor Adapted(string op, double number, DType dtype)
        {
            if (dtype == DType.Int64 && number != Math.Floor(number))
                Throw.Error(op, "a number that meets an int64 tensor must be whole", $"{number}");
            return Literal(number, dtype);
        }
    }
}
