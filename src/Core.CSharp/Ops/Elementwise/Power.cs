using System.Runtime.CompilerServices;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// xᶜ for a plain number c, elementwise: by multiplication and division for whole c from −5 to 6, by the square root for c = ½. The derivative is c·xᶜ⁻¹.
    /// </summary>
    /// <param name="x">Any shape; integers if the exponent is whole and from 0 to 8.</param>
    /// <param name="exponent">The exponent c. It is part of the structure: a loop that changes it makes new plans.</param>
    /// <returns>The shape of x; NaN where x is negative and c is not whole.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers, and the exponent is not whole and from 0 to 8.</exception>
    public static Tensor Pow(Tensor x, double exponent)
    {
        Arithmetic.Numeric("pow", x.DType);
        return exponent switch
        {
            0.0 => OnesLike(x),
            0.5 => Sqrt(x),
            1.0 => x,
            2.0 => x * x,
            _ => Apply(new PowerOp(exponent), x),
        };
    }

    /// <inheritdoc cref="Pow(Tensor, double)"/>
    public static Tensor Pow(Tensor x, int exponent) => Pow(x, (double)exponent);

    /// <inheritdoc cref="Pow(Tensor, double)"/>
    /// <remarks>For F#, where a float32 is not widened.</remarks>
    [OverloadResolutionPriority(-1)]
    public static Tensor Pow(Tensor x, float exponent) => Pow(x, (double)exponent);

    /// <summary>cˣ for a plain number c, elementwise.</summary>
    /// <param name="number">The base c.</param>
    /// <param name="x">The exponent: any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Pow(double number, Tensor x) => Pow((Tensor)number, x);

    private sealed record PowerOp(double Exponent) : UnaryOp
    {
        /// <summary>Of integers, whose products are exact.</summary>
        private const double LargestOfIntegers = 8.0;

        public override string Name => "pow";

        public override int? Degree(ReadOnlySpan<int> inputs) =>
            IsWholeUpTo(LargestOfIntegers) && Exponent >= 0.0 ? (int)Exponent * inputs[0] : null;

        public override DType ResultOf(DType operand) =>
            IsWholeUpTo(LargestOfIntegers) && Exponent >= 0.0
                ? Arithmetic.Numeric(Name, operand)
                : base.ResultOf(operand);

        /// <summary>Products of more factors than here would be more than 4 ulp off.</summary>
        public override Scalar Body(Scalar x) =>
            !x.DType.IsFloat || (Exponent > 0.0 && IsWholeUpTo(6.0)) ? Product(x, (int)Exponent)
            : Exponent < 0.0 && IsWholeUpTo(5.0) ? Reciprocal(x, (int)-Exponent)
            : x.Apply(BinaryIntrinsic.Power, x.Number(Exponent));

        public override Tensor? Derivative(Tensor x, Tensor y) => Exponent * Pow(x, Exponent - 1.0);

        private bool IsWholeUpTo(double largest) => Exponent == Math.Floor(Exponent) && Math.Abs(Exponent) <= largest;

        /// <summary>
        /// x⁻ⁿ by the square of the reciprocal of the half power: xⁿ itself may be ∞ or denormal where x⁻ⁿ is an accurate number.
        /// </summary>
        private static Scalar Reciprocal(Scalar x, int n)
        {
            if (n == 1)
                return x.Number(1.0) / x;
            Scalar root = x.Number(1.0) / Product(x, n / 2);
            return n % 2 == 0 ? root * root : root * root / x;
        }

        /// <summary>xⁿ by squaring.</summary>
        private static Scalar Product(Scalar x, int n)
        {
            if (n == 1)
                return x;
            Scalar half = Product(x, n / 2);
            return n % 2 == 0 ? half * half : half * half * x;
        }
    }
}
