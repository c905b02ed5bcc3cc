namespace Implicit.Kernels;

/// <summary>
/// A scalar expression: what a <see cref="Map"/> or <see cref="Reduce"/> computes at each point of its domain.
/// Every expression knows its element type; operands of one intrinsic agree in it.
/// </summary>
internal abstract record Scalar(DType DType)
{
    /// <summary>The element of operand number <paramref name="Position"/> at the current point.</summary>
    internal sealed record Input(int Position, DType DType) : Scalar(DType);

    /// <summary>A number that is part of the structure.</summary>
    internal sealed record Constant(double Value, DType DType) : Scalar(DType);

    /// <summary>The current point's coordinate along an axis of the domain.</summary>
    internal sealed record Index(int Axis) : Scalar(DType.Int64);

    internal sealed record Unary(UnaryIntrinsic Intrinsic, Scalar A) : Scalar(ResultOf(Intrinsic, A.DType));

    internal sealed record Binary(BinaryIntrinsic Intrinsic, Scalar A, Scalar B)
        : Scalar(Intrinsic.IsComparison ? DType.Bool : A.DType);

    /// <summary><paramref name="Then"/> where the condition (bool) holds, else <paramref name="Otherwise"/>.</summary>
    internal sealed record Select(Scalar Condition, Scalar Then, Scalar Otherwise) : Scalar(Then.DType);

    /// <summary>Conversion between element types; float to int64 truncates towards zero, anything to bool asks ≠ 0.</summary>
    internal sealed record Cast(Scalar A, DType To) : Scalar(To);

    public static Scalar operator +(Scalar a, Scalar b) => new Binary(BinaryIntrinsic.Add, a, b);

    public static Scalar operator -(Scalar a, Scalar b) => new Binary(BinaryIntrinsic.Subtract, a, b);

    public static Scalar operator *(Scalar a, Scalar b) => new Binary(BinaryIntrinsic.Multiply, a, b);

    public static Scalar operator /(Scalar a, Scalar b) => new Binary(BinaryIntrinsic.Divide, a, b);

    public static Scalar operator -(Scalar a) => new Unary(UnaryIntrinsic.Negate, a);

    /// <summary>A number in the element type of this expression.</summary>
    public Scalar Number(double value) => new Constant(value, DType);

    public Scalar Apply(UnaryIntrinsic intrinsic) => new Unary(intrinsic, this);

    public Scalar Apply(BinaryIntrinsic intrinsic, Scalar b) => new Binary(intrinsic, this, b);

    private static DType ResultOf(UnaryIntrinsic intrinsic, DType operand) =>
        intrinsic is UnaryIntrinsic.IsNaN or UnaryIntrinsic.Not ? DType.Bool : operand;
}

/// <summary>Intrinsic functions of one scalar that every backend must have, within 4 units in the last place, denormal results included.</summary>
internal enum UnaryIntrinsic
{
    Negate,
    Abs,
    Sign,
    Floor,
    Ceiling,

    /// <summary>To the nearest integer, halves to even.</summary>
    Round,
    Sqrt,
    Exp,
    Expm1,
    Log,
    Log1p,
    Log10,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>x/(1 + e⁻ˣ).</summary>
    Silu,

    /// <summary>e^(−x²/2)/√(2π), the density φ of the standard normal distribution.</summary>
    NormalDensity,
    Erf,

    /// <summary>The distribution function Φ of the standard normal, accurate where it is small.</summary>
    NormalCdf,

    /// <summary>x·Φ(x).</summary>
    Gelu,
    Not,
    IsNaN,
}

/// <summary>Intrinsic functions of two scalars of one element type.</summary>
internal enum BinaryIntrinsic
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,

    /// <summary>The angle of the point (B, A), in (−π, π].</summary>
    Atan2,

    /// <summary>NaN if either is NaN.</summary>
    Minimum,

    /// <summary>NaN if either is NaN.</summary>
    Maximum,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>Of truth values.</summary>
    And,

    /// <summary>Of truth values.</summary>
    Or,
}

internal static class Intrinsics
{
    extension(BinaryIntrinsic intrinsic)
    {
        public bool IsComparison => intrinsic is >= BinaryIntrinsic.Equal and <= BinaryIntrinsic.GreaterOrEqual;

        /// <summary>Whether the operands may change places. Those of minima and maxima may not: of 0 and −0 the first or the second counts.</summary>
        public bool IsCommutative =>
            intrinsic
                is BinaryIntrinsic.Add
                    or BinaryIntrinsic.Multiply
                    or BinaryIntrinsic.Equal
                    or BinaryIntrinsic.NotEqual
                    or BinaryIntrinsic.And
                    or BinaryIntrinsic.Or;
    }
}
