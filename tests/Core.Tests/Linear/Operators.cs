namespace Implicit.Tests.Linear;

/// <summary>An operator of each kind on four unknowns, made of a matrix M [4, 4] and a scalar c.</summary>
internal static class Operators
{
    public static readonly Dictionary<string, Func<Tensor, Tensor, LinearOperator>> All = new()
    {
        ["dense"] = (m, c) => LinearOperator.Dense(m + (4.0 * Eye(m)) + (c * c * Eye(m))),
        ["definite"] = (m, c) =>
            LinearOperator.Dense(
                Tensor.MatMul(m.T, m) + ((3.0 + (c * c)) * Eye(m)),
                OperatorProperties.PositiveDefinite
            ),
        ["diagonal"] = (m, c) => LinearOperator.Diagonal(2.0 + (c * (Tensor.Diagonal(m) * Tensor.Diagonal(m)))),
        ["lower"] = (m, c) => LinearOperator.Triangular(m + ((2.0 + c) * Eye(m))),
        ["upper"] = (m, c) => LinearOperator.Triangular(m + ((2.0 + c) * Eye(m)), lower: false),
        ["function"] = (m, c) =>
            LinearOperator.Of(x => Tensor.MatMul(m, x) + ((4.0 + (c * c)) * x), Tensor.Diagonal(m)),
        ["with transpose"] = (m, c) =>
            LinearOperator.Of(
                x => Tensor.MatMul(m, x) + ((4.0 + (c * c)) * x),
                w => Tensor.MatMul(m.T, w) + ((4.0 + (c * c)) * w),
                Tensor.Diagonal(m)
            ),
        ["jacobian"] = (m, c) =>
            LinearOperator.Jacobian(z => Tensor.Tanh(Tensor.MatMul(m, z) * c) + (4.0 * z), Tensor.Diagonal(m)),
        ["sum"] = (m, c) =>
            LinearOperator.Dense(m) - (c * LinearOperator.Diagonal(Tensor.Diagonal(m))) + (5.0 * Identity(m)),
        ["product"] = (m, c) =>
            LinearOperator.Triangular(m + (2.0 * Eye(m)))
            * LinearOperator.Dense(m + (4.0 * Eye(m)))
            * LinearOperator.Diagonal(2.0 + (c * (Tensor.Diagonal(m) * Tensor.Diagonal(m)))),
        ["transposed"] = (m, c) =>
            LinearOperator.Jacobian(z => Tensor.Tanh(Tensor.MatMul(m, z) * c) + (4.0 * z), Tensor.Diagonal(m)).T,
        ["inverse"] = (m, c) => LinearOperator.Dense(m + ((4.0 + c) * Eye(m))).Inverse(),
        ["krylov inverse"] = (m, c) =>
            LinearOperator
                .Dense(m + ((4.0 + c) * Eye(m)))
                .Inverse(new LinearSolver.Gmres { RelativeTolerance = 1e-14 }),
    };

    private static Tensor Eye(Tensor m) => Tensor.Eye(m.Shape[0], dtype: m.DType);

    private static LinearOperator Identity(Tensor m) => LinearOperator.Identity(Tensor.Diagonal(m));
}
