using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>max(x, 0), elementwise. The derivative at 0 is 0.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Relu(Tensor x) => Apply(ReluOp.Instance, x);

    private sealed record ReluOp : ElementwiseOp
    {
        public static readonly ReluOp Instance = new();

        public override string Name => "relu";

        public override Scalar Body(ReadOnlySpan<Scalar> x) => x[0].Apply(BinaryIntrinsic.Maximum, x[0].Number(0.0));

        public override Tensor? Scaled(int input, Tensor result, Tensor w) => Where(result.Inputs[0] > 0.0, w, 0.0);
    }
}
