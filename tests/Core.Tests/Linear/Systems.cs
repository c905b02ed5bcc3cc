namespace Implicit.Tests.Linear;

/// <summary>Systems with known answers, and every method.</summary>
internal static class Systems
{
    public static readonly Dictionary<string, LinearSolver> Methods = new()
    {
        ["direct"] = new LinearSolver.Direct(),
        ["pseudoinverse"] = new LinearSolver.Pseudoinverse(),
        ["cg"] = new LinearSolver.Cg { RelativeTolerance = 1e-13 },
        ["gmres"] = new LinearSolver.Gmres { RelativeTolerance = 1e-13 },
        ["restarted gmres"] = new LinearSolver.Gmres(2) { RelativeTolerance = 1e-13, MaxSteps = 1000 },
        ["bicgstab"] = new LinearSolver.BiCgStab { RelativeTolerance = 1e-13 },
        ["lsmr"] = new LinearSolver.Lsmr { RelativeTolerance = 1e-13 },
    };

    /// <summary>x ↦ (MᵀM + 3I)·x + c·x: symmetric positive definite, so that every method applies.</summary>
    public static Func<Tensor, Tensor> Definite(Tensor m, Tensor c) =>
        x => Tensor.MatMul(m.T, Tensor.MatMul(m, x)) + (3.0 * x) + (c * c * x);

    /// <summary>M and c of four unknowns.</summary>
    public static readonly double[] Matrix =
    [
        1.0,
        -0.3,
        0.2,
        0.5,
        0.4,
        0.8,
        -0.6,
        0.1,
        -0.2,
        0.7,
        0.9,
        0.3,
        0.6,
        -0.1,
        0.2,
        1.1,
    ];

    public static readonly double[] Right = [1.0, -2.0, 0.5, 3.0];

    /// <summary>The sum of x³ of that system, as a function of M, c and b.</summary>
    public static Tensor Cubes(LinearSolver method, Tensor m, Tensor c, Tensor b)
    {
        Tensor x = LinearSystem.Solve(Definite(m, c), b, method);
        return Tensor.Sum(x * x * x);
    }
}
