using System.Runtime.CompilerServices;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>a / b, elementwise, broadcasting.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A shape that broadcasts with a's.</param>
    public static Tensor operator /(Tensor a, Tensor b) => Operate(DivideOp.Instance, a, b);

    /// <inheritdoc cref="operator /(Tensor, Tensor)"/>
    public static Tensor operator /(Tensor a, double b) => Operate(DivideOp.Instance, a, b);

    /// <inheritdoc cref="operator /(Tensor, Tensor)"/>
    public static Tensor operator /(double a, Tensor b) => Operate(DivideOp.Instance, a, b);

    /// <inheritdoc cref="operator /(Tensor, Tensor)"/>
    public static Tensor operator /(Tensor a, int b) => a / (double)b;

    /// <inheritdoc cref="operator /(Tensor, Tensor)"/>
    public static Tensor operator /(int a, Tensor b) => (double)a / b;

    /// <inheritdoc cref="operator /(Tensor, Tensor)"/>
    /// <remarks>For F#, where a float32 is not widened. C# prefers the overload for double: a long keeps its digits there.</remarks>
    [OverloadResolutionPriority(-1)]
    public static Tensor operator /(Tensor a, float b) => a / (double)b;

    /// <inheritdoc cref="operator /(Tensor, float)"/>
    [OverloadResolutionPriority(-1)]
    public static Tensor operator /(float a, Tensor b) => (double)a / b;

    private sealed record DivideOp : BinaryOp
    {
        public static readonly DivideOp Instance = new();

        public override string Name => "divide";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[1] == 0 ? inputs[0] : null;

        public override Scalar Body(Scalar a, Scalar b) => a / b;

        public override Tensor? Scaled(int input, Tensor result, Tensor w) =>
            input == 0 ? w / result.Inputs[1] : -(w * (result / result.Inputs[1]));
    }
}
