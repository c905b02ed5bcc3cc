namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Cholesky(Tensor)"/>
    public static Tensor Cholesky(Tensor a) => Tensor.Cholesky(a);

    /// <inheritdoc cref="Tensor.Det(Tensor)"/>
    public static Tensor Det(Tensor a) => Tensor.Det(a);

    /// <inheritdoc cref="Tensor.Dot(Tensor, Tensor)"/>
    public static Tensor Dot(Tensor a, Tensor b) => Tensor.Dot(a, b);

    /// <inheritdoc cref="Tensor.Eigh(Tensor)"/>
    public static (Tensor Values, Tensor Vectors) Eigh(Tensor a) => Tensor.Eigh(a);

    /// <inheritdoc cref="Tensor.Einsum(string, ReadOnlySpan{Tensor})"/>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands) =>
        Tensor.Einsum(equation, operands);

    /// <inheritdoc cref="Tensor.Inverse(Tensor)"/>
    public static Tensor Inverse(Tensor a) => Tensor.Inverse(a);

    /// <inheritdoc cref="Tensor.LogDet(Tensor)"/>
    public static Tensor LogDet(Tensor a) => Tensor.LogDet(a);

    /// <inheritdoc cref="Tensor.Lstsq(Tensor, Tensor)"/>
    public static Tensor Lstsq(Tensor a, Tensor b) => Tensor.Lstsq(a, b);

    /// <inheritdoc cref="Tensor.Lu(Tensor)"/>
    public static (Tensor Permutation, Tensor L, Tensor U) Lu(Tensor a) => Tensor.Lu(a);

    /// <inheritdoc cref="Tensor.MatMul(Tensor, Tensor)"/>
    public static Tensor MatMul(Tensor a, Tensor b) => Tensor.MatMul(a, b);

    /// <inheritdoc cref="Tensor.Outer(Tensor, Tensor)"/>
    public static Tensor Outer(Tensor a, Tensor b) => Tensor.Outer(a, b);

    /// <inheritdoc cref="Tensor.Pinv(Tensor)"/>
    public static Tensor Pinv(Tensor a) => Tensor.Pinv(a);

    /// <inheritdoc cref="Tensor.Qr(Tensor)"/>
    public static (Tensor Q, Tensor R) Qr(Tensor a) => Tensor.Qr(a);

    /// <inheritdoc cref="Tensor.SlogDet(Tensor)"/>
    public static (Tensor Sign, Tensor LogAbs) SlogDet(Tensor a) => Tensor.SlogDet(a);

    /// <inheritdoc cref="Tensor.Solve(Tensor, Tensor)"/>
    public static Tensor Solve(Tensor a, Tensor b) => Tensor.Solve(a, b);

    /// <inheritdoc cref="Tensor.SolveTriangular(Tensor, Tensor, bool, bool, bool)"/>
    public static Tensor SolveTriangular(
        Tensor t,
        Tensor b,
        bool lower = true,
        bool transposed = false,
        bool unit = false
    ) => Tensor.SolveTriangular(t, b, lower, transposed, unit);

    /// <inheritdoc cref="Tensor.Svd(Tensor)"/>
    public static (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a) => Tensor.Svd(a);

    /// <inheritdoc cref="Tensor.Trace(Tensor)"/>
    public static Tensor Trace(Tensor x) => Tensor.Trace(x);
}
