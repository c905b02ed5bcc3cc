using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Ops
{
    /// <summary>An elementwise operation of two operands that integers have too.</summary>
    internal abstract record ArithmeticOp : BinaryOp
    {
        public override DType ResultOf(DType operand) => operand.IsFloat ? operand : Arithmetic.Numeric(Name, operand);
    }

    internal static class Arithmetic
    {
        /// <summary>The type itself if its elements are numbers, floating-point or integer.</summary>
        public static DType Numeric(string op, DType operand) =>
            operand.IsFloat || operand == DType.Int64
                ? operand
                : Throw.Error<DType>(op, "the elements must be numbers (cast truth values first)", operand.Name);

        /// <summary>The type itself if its elements are floating-point numbers.</summary>
        public static DType Float(string op, DType operand) =>
            operand.IsFloat
                ? operand
                : Throw.Error<DType>(
                    op,
                    "the elements must be floating-point numbers (convert with cast)",
                    operand.Name
                );

        /// <summary>The type itself if its elements are truth values.</summary>
        public static DType Truth(string op, DType operand) =>
            operand == DType.Bool
                ? operand
                : Throw.Error<DType>(op, "the elements must be truth values (a comparison gives them)", operand.Name);
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
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Tensor Operate(BinaryOp op, Tensor a, Tensor b)
        {
            if (a is null || b is null)
                Missing(op, a);
            return a.dtype == b.dtype && a.Shape.Spans(b.Shape)
                ? Made(new Tensor(op, a, b, op.ResultOfBoth(a.DType), a.Shape))
                : OperateJoined(op, a, b);
        }

        /// <summary>Out of line, so that what makes a node stays short.</summary>
        [DoesNotReturn]
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Missing(BinaryOp op, Tensor? left) =>
            Throw.Missing(op.Name, left is null ? "the left operand" : "the right operand");

        /// <summary>The same for operands of different types, or whose shapes take more than a look.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Tensor OperateJoined(BinaryOp op, Tensor a, Tensor b)
        {
            (a, b) = Adapted(op.Name, a, b);
            return Make(op, a, b, op.Infer(a.Type, b.Type));
        }

        /// <inheritdoc cref="Operate(BinaryOp, Tensor, Tensor)"/>
        private static Tensor Operate(BinaryOp op, Tensor a, double b) => Operate(op, a, Beside(a, op, b));

        /// <inheritdoc cref="Operate(BinaryOp, Tensor, Tensor)"/>
        private static Tensor Operate(BinaryOp op, double a, Tensor b) => Operate(op, Beside(b, op, a), b);

        /// <summary>A plain number as the other operand of a tensor, with its element type.</summary>
        private static Tensor Beside(Tensor tensor, Op op, double number)
        {
            if (tensor is null)
                Throw.Missing(op.Name, "the tensor");
            if (tensor.DType == DType.Int64)
                RequireFits(op.Name, number, tensor.DType);
            return Shared(number, tensor.DType);
        }

        /// <summary>This tensor where one of a given type is due: a plain number takes the type of a scalar.</summary>
        internal Tensor As(TensorType type) =>
            Op is LiteralOp literal && type.Shape.Rank == 0 ? Scalar(literal.Number, type.DType) : this;

        /// <summary>Both operands, a plain number among them in the element type of the other.</summary>
        private static (Tensor A, Tensor B) Adapted(string op, Tensor a, Tensor b)
        {
            if (a.DType == b.DType)
                return (a, b);
            // Of two numbers the one that was given a type keeps it: a plain one is float64.
            if (b.Op is LiteralOp { Number: double right } && (a.Op is not LiteralOp || b.DType == DType.Float64))
                return (a, Adapted(op, right, a.DType));
            if (a.Op is LiteralOp { Number: double left })
                return (Adapted(op, left, b.DType), b);
            return (a, b);
        }

        private static Tensor Adapted(string op, double number, DType dtype)
        {
            RequireFits(op, number, dtype);
            return Literal(number, dtype);
        }

        private static void RequireFits(string op, double number, DType dtype)
        {
            if (!dtype.Holds(number))
                Throw.Error(op, "a number that meets an int64 tensor must be whole, and an int64", $"{number}");
        }
    }
}
