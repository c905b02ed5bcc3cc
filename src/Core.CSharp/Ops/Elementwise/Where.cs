using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// a where the condition holds, else b, elementwise, broadcasting. The branch that is not taken gets a derivative of exactly 0, and so does
    /// what it was made of by elementwise operations, sums, transposition and axes of extent 1 put in, even where they have no finite derivative (the
    /// root of 0, the logarithm of a negative number). Other operations pass the 0 on, but multiply it by their derivatives.
    /// </summary>
    /// <param name="condition">Truth values of any shape.</param>
    /// <param name="a">Any element type.</param>
    /// <param name="b">The element type of a.</param>
    /// <returns>The shape to which all three broadcast.</returns>
    /// <exception cref="TensorException">
    /// The shapes do not broadcast, the condition is not bool, or the element types of a and b differ.
    /// </exception>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        (Tensor then, Tensor otherwise) = Adapted("where", a, b);
        return Apply(WhereOp.Instance, condition, then, otherwise);
    }

    private sealed record WhereOp : ElementwiseOp
    {
        public static readonly WhereOp Instance = new();

        public override string Name => "where";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0] == 0 ? Degrees.Highest(inputs) : null;

        public override DType ResultOf(DType operand) => operand;

        public override Scalar Body(ReadOnlySpan<Scalar> x) => new Scalar.Select(x[0], x[1], x[2]);

        public override Tensor? Scaled(int input, Tensor result, Tensor w)
        {
            Tensor condition = result.Inputs[0];
            return input switch
            {
                0 => null,
                1 => Where(condition, w, 0.0),
                _ => Where(condition, 0.0, w),
            };
        }

        protected override DType OperandType(ReadOnlySpan<TensorType> inputs)
        {
            Throw.Unless(inputs[0].DType == DType.Bool, Name, "the condition must be bool", $"{inputs[0]}");
            return base.OperandType(inputs[1..]);
        }
    }
}
