namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Cholesky(Tensor)"/>
    public static Tensor Cholesky(Tensor a) => Tensor.Cholesky(Given(a));

    /// <inheritdoc cref="Tensor.Det(Tensor)"/>
    public static Tensor Det(Tensor a) => Tensor.Det(Given(a));

    /// <inheritdoc cref="Tensor.Dot(Tensor, Tensor)"/>
    public static Tensor Dot(Tensor a, Tensor b) => Tensor.Dot(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Eigh(Tensor)"/>
    public static (Tensor Values, Tensor Vectors) Eigh(Tensor a) => Tensor.Eigh(Given(a));

    /// <inheritdoc cref="Tensor.Einsum(string, ReadOnlySpan{Tensor})"/>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands) =>
        Tensor.Einsum(Given(equation), Given(operands));

    /// <inheritdoc cref="Tensor.Inverse(Tensor)"/>
    public static Tensor Inverse(Tensor a) => Tensor.Inverse(Given(a));

    /// <inheritdoc cref="Tensor.LogDet(Tensor)"/>
    public static Tensor LogDet(Tensor a) => Tensor.LogDet(Given(a));

    /// <inheritdoc cref="Tensor.Lstsq(Tensor, Tensor)"/>
    public static Tensor Lstsq(Tensor a, Tensor b) => Tensor.Lstsq(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Lu(Tensor)"/>
    public static (Tensor Permutation, Tensor L, Tensor U) Lu(Tensor a) => Tensor.Lu(Given(a));

    /// <inheritdoc cref="Tensor.MatMul(Tensor, Tensor)"/>
    public static Tensor MatMul(Tensor a, Tensor b) => Tensor.MatMul(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Outer(Tensor, Tensor)"/>
    public static Tensor Outer(Tensor a, Tensor b) => Tensor.Outer(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.Pinv(Tensor)"/>
    public static Tensor Pinv(Tensor a) => Tensor.Pinv(Given(a));

    /// <inheritdoc cref="Tensor.Qr(Tensor)"/>
    public static (Tensor Q, Tensor R) Qr(Tensor a) => Tensor.Qr(Given(a));

    /// <inheritdoc cref="Tensor.SlogDet(Tensor)"/>
    public static (Tensor Sign, Tensor LogAbs) SlogDet(Tensor a) => Tensor.SlogDet(Given(a));

    /// <inheritdoc cref="Tensor.Solve(Tensor, Tensor)"/>
    public static Tensor Solve(Tensor a, Tensor b) => Tensor.Solve(Given(a), Given(b));

    /// <inheritdoc cref="Tensor.SolveTriangular(Tensor, Tensor, bool, bool, bool)"/>
    public static Tensor SolveTriangular(
        Tensor t,
        Tensor b,
        bool lower = true,
        bool transposed = false,
        bool unit = false
    ) => Tensor.SolveTriangular(Given(t), Given(b), lower, transposed, unit);

    /// <inheritdoc cref="Tensor.Svd(Tensor)"/>
    public static (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a) => Tensor.Svd(Given(a));

    /// <inheritdoc cref="Tensor.Trace(Tensor)"/>
    public static Tensor Trace(Tensor x) => Tensor.Trace(Given(x));
}
