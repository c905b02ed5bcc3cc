using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

/// <summary>The standard normal distribution, of which the derivatives of gelu are made.</summary>
public sealed partial class Tensor
{
    /// <summary>The distribution function Φ of the standard normal, elementwise.</summary>
    private static Tensor NormalCdf(Tensor x) => Apply(NormalCdfOp.Instance, x);

    /// <summary>The density φ(x) = e^(−x²/2)/√(2π), elementwise.</summary>
    private static Tensor NormalDensity(Tensor x) => Apply(NormalDensityOp.Instance, x);

    private sealed record NormalCdfOp : UnaryOp
    {
        public static readonly NormalCdfOp Instance = new();

        public override string Name => "normalCdf";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.NormalCdf);

        public override Tensor? Derivative(Tensor x, Tensor y) => NormalDensity(x);
    }

    private sealed record NormalDensityOp : UnaryOp
    {
        public static readonly NormalDensityOp Instance = new();

        public override string Name => "normalDensity";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.NormalDensity);

        public override Tensor? Derivative(Tensor x, Tensor y) => -ZeroUnlessFinite(x) * y;
    }
}
