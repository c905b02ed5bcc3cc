using Implicit.Ops;

namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Abs(Tensor)"/>
    public static Tensor Abs(Tensor x) => Tensor.Abs(Given(x));

    /// <inheritdoc cref="Tensor.Acos(Tensor)"/>
    public static Tensor Acos(Tensor x) => Tensor.Acos(Given(x));

    /// <inheritdoc cref="Tensor.And(Tensor, Tensor)"/>
    public static Tensor And(Tensor a, Tensor b) => Tensor.And(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Asin(Tensor)"/>
    public static Tensor Asin(Tensor x) => Tensor.Asin(Given(x));

    /// <inheritdoc cref="Tensor.Atan(Tensor)"/>
    public static Tensor Atan(Tensor x) => Tensor.Atan(Given(x));

    /// <inheritdoc cref="Tensor.Atan2(Tensor, Tensor)"/>
    public static Tensor Atan2(Tensor y, Tensor x) => Tensor.Atan2(Given(y), Given(x));

    /// <inheritdoc cref="Tensor.Cast(Tensor, DType)"/>
    public static Tensor Cast(Tensor x, DType dtype) => Tensor.Cast(Given(x), dtype);

    /// <inheritdoc cref="Tensor.Ceiling(Tensor)"/>
    public static Tensor Ceiling(Tensor x) => Tensor.Ceiling(Given(x));

    /// <inheritdoc cref="Tensor.Clamp(Tensor, Tensor, Tensor)"/>
    public static Tensor Clamp(Tensor x, Tensor low, Tensor high) => Tensor.Clamp(Given(x), Given(low), Given(high));

    /// <inheritdoc cref="Tensor.Cos(Tensor)"/>
    public static Tensor Cos(Tensor x) => Tensor.Cos(Given(x));

    /// <inheritdoc cref="Tensor.Cosh(Tensor)"/>
    public static Tensor Cosh(Tensor x) => Tensor.Cosh(Given(x));

    /// <inheritdoc cref="Tensor.Equal(Tensor, Tensor)"/>
    public static Tensor Equal(Tensor a, Tensor b) => Tensor.Equal(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Erf(Tensor)"/>
    public static Tensor Erf(Tensor x) => Tensor.Erf(Given(x));

    /// <inheritdoc cref="Tensor.Exp(Tensor)"/>
    public static Tensor Exp(Tensor x) => Tensor.Exp(Given(x));

    /// <inheritdoc cref="Tensor.Expm1(Tensor)"/>
    public static Tensor Expm1(Tensor x) => Tensor.Expm1(Given(x));

    /// <inheritdoc cref="Tensor.Floor(Tensor)"/>
    public static Tensor Floor(Tensor x) => Tensor.Floor(Given(x));

    /// <inheritdoc cref="Tensor.Gelu(Tensor)"/>
    public static Tensor Gelu(Tensor x) => Tensor.Gelu(Given(x));

    /// <inheritdoc cref="Tensor.Greater(Tensor, Tensor)"/>
    public static Tensor Greater(Tensor a, Tensor b) => Tensor.Greater(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.GreaterOrEqual(Tensor, Tensor)"/>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => Tensor.GreaterOrEqual(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.IsFinite(Tensor)"/>
    public static Tensor IsFinite(Tensor x) => Tensor.IsFinite(Given(x));

    /// <inheritdoc cref="Tensor.IsInfinite(Tensor)"/>
    public static Tensor IsInfinite(Tensor x) => Tensor.IsInfinite(Given(x));

    /// <inheritdoc cref="Tensor.IsNaN(Tensor)"/>
    public static Tensor IsNaN(Tensor x) => Tensor.IsNaN(Given(x));

    /// <inheritdoc cref="Tensor.Less(Tensor, Tensor)"/>
    public static Tensor Less(Tensor a, Tensor b) => Tensor.Less(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.LessOrEqual(Tensor, Tensor)"/>
    public static Tensor LessOrEqual(Tensor a, Tensor b) => Tensor.LessOrEqual(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Log(Tensor)"/>
    public static Tensor Log(Tensor x) => Tensor.Log(Given(x));

    /// <inheritdoc cref="Tensor.Log10(Tensor)"/>
    public static Tensor Log10(Tensor x) => Tensor.Log10(Given(x));

    /// <inheritdoc cref="Tensor.Log1p(Tensor)"/>
    public static Tensor Log1p(Tensor x) => Tensor.Log1p(Given(x));

    /// <inheritdoc cref="Tensor.Maximum(Tensor, Tensor)"/>
    public static Tensor Maximum(Tensor a, Tensor b) => Tensor.Maximum(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Minimum(Tensor, Tensor)"/>
    public static Tensor Minimum(Tensor a, Tensor b) => Tensor.Minimum(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Not(Tensor)"/>
    public static Tensor Not(Tensor x) => Tensor.Not(Given(x));

    /// <inheritdoc cref="Tensor.NotEqual(Tensor, Tensor)"/>
    public static Tensor NotEqual(Tensor a, Tensor b) => Tensor.NotEqual(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Or(Tensor, Tensor)"/>
    public static Tensor Or(Tensor a, Tensor b) => Tensor.Or(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Pow(Tensor, Tensor)"/>
    public static Tensor Pow(Tensor x, Tensor y) => Tensor.Pow(Given(x), Given(y));

    /// <inheritdoc cref="Tensor.Pow(double, Tensor)"/>
    public static Tensor Pow(double number, Tensor x) => Tensor.Pow(number, Given(x));

    /// <inheritdoc cref="Tensor.Pow(Tensor, double)"/>
    public static Tensor Pow(Tensor x, double exponent) => Tensor.Pow(Given(x), exponent);

    /// <inheritdoc cref="Tensor.Relu(Tensor)"/>
    public static Tensor Relu(Tensor x) => Tensor.Relu(Given(x));

    /// <inheritdoc cref="Tensor.Round(Tensor)"/>
    public static Tensor Round(Tensor x) => Tensor.Round(Given(x));

    /// <inheritdoc cref="Tensor.Sigmoid(Tensor)"/>
    public static Tensor Sigmoid(Tensor x) => Tensor.Sigmoid(Given(x));

    /// <inheritdoc cref="Tensor.Sign(Tensor)"/>
    public static Tensor Sign(Tensor x) => Tensor.Sign(Given(x));

    /// <inheritdoc cref="Tensor.Silu(Tensor)"/>
    public static Tensor Silu(Tensor x) => Tensor.Silu(Given(x));

    /// <inheritdoc cref="Tensor.Sin(Tensor)"/>
    public static Tensor Sin(Tensor x) => Tensor.Sin(Given(x));

    /// <inheritdoc cref="Tensor.Sinh(Tensor)"/>
    public static Tensor Sinh(Tensor x) => Tensor.Sinh(Given(x));

    /// <inheritdoc cref="Tensor.Softplus(Tensor)"/>
    public static Tensor Softplus(Tensor x) => Tensor.Softplus(Given(x));

    /// <inheritdoc cref="Tensor.Sqrt(Tensor)"/>
    public static Tensor Sqrt(Tensor x) => Tensor.Sqrt(Given(x));

    /// <summary>x².</summary>
    /// <param name="x">Any shape of numbers.</param>
    public static Tensor Square(Tensor x)
    {
        Arithmetic.Numeric("square", Given(x).DType);
        return x * x;
    }

    /// <inheritdoc cref="Tensor.StopGradient(Tensor)"/>
    public static Tensor StopGradient(Tensor x) => Tensor.StopGradient(Given(x));

    /// <inheritdoc cref="Tensor.Tan(Tensor)"/>
    public static Tensor Tan(Tensor x) => Tensor.Tan(Given(x));

    /// <inheritdoc cref="Tensor.Tanh(Tensor)"/>
    public static Tensor Tanh(Tensor x) => Tensor.Tanh(Given(x));

    /// <inheritdoc cref="Tensor.Truncate(Tensor)"/>
    public static Tensor Truncate(Tensor x) => Tensor.Truncate(Given(x));

    /// <inheritdoc cref="Tensor.Where(Tensor, Tensor, Tensor)"/>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b) =>
        Tensor.Where(Given(condition), Given(a), Given(b));
}
