using System.Runtime.CompilerServices;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>a − b, elementwise, broadcasting.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A shape that broadcasts with a's.</param>
    public static Tensor operator -(Tensor a, Tensor b) => Operate(SubtractOp.Instance, a, b);

    /// <inheritdoc cref="operator -(Tensor, Tensor)"/>
    public static Tensor operator -(Tensor a, double b) => Operate(SubtractOp.Instance, a, b);

    /// <inheritdoc cref="operator -(Tensor, Tensor)"/>
    public static Tensor operator -(double a, Tensor b) => Operate(SubtractOp.Instance, a, b);

    /// <inheritdoc cref="operator -(Tensor, Tensor)"/>
    public static Tensor operator -(Tensor a, int b) => a - (double)b;

    /// <inheritdoc cref="operator -(Tensor, Tensor)"/>
    public static Tensor operator -(int a, Tensor b) => (double)a - b;

    /// <inheritdoc cref="operator -(Tensor, Tensor)"/>
    /// <remarks>For F#, where a float32 is not widened. C# prefers the overload for double: a long keeps its digits there.</remarks>
    [OverloadResolutionPriority(-1)]
    public static Tensor operator -(Tensor a, float b) => a - (double)b;

    /// <inheritdoc cref="operator -(Tensor, float)"/>
    [OverloadResolutionPriority(-1)]
    public static Tensor operator -(float a, Tensor b) => (double)a - b;

    /// <summary>The a, if this is a − b; otherwise null.</summary>
    /// <param name="b">The very tensor that is subtracted.</param>
    internal Tensor? Minuend(Tensor b) => Op is SubtractOp && ReferenceEquals(Inputs[1], b) ? Inputs[0] : null;

    private sealed record SubtractOp : ArithmeticOp
    {
        public static readonly SubtractOp Instance = new();

        public override string Name => "subtract";

        public override int? Degree(ReadOnlySpan<int> inputs) => Degrees.Highest(inputs);

        public override Scalar Body(Scalar a, Scalar b) => a - b;

        public override Tensor? Scaled(int input, Tensor result, Tensor w) => input == 0 ? w : -w;
    }
}
