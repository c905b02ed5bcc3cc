using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>
/// Dense factorisations of batches of 128, and solves of one right side with lower factors, float64; the floor is n³/3 (Cholesky), 2n³/3 (LU), 8n³/3 (QR)
/// or n² (solve) operations at the peak.
/// </summary>
internal static class Factorisations
{
    private const int Batch = 128;

    public static readonly int[] Sizes = [10, 50, 100, 200];

    public static IEnumerable<Case> All =>
        from n in Sizes
        from benchmark in (Case[])
            [
                Of("f.cholesky", n, n * (double)n * n / 3, a => a, (a, _) => Tensor.Cholesky(a)),
                Of("f.lu", n, 2 * n * (double)n * n / 3, a => a, (a, _) => Tensor.Lu(a).U),
                Of("f.qr", n, 8 * (double)n * n * n / 3, a => a, (a, _) => Tensor.Qr(a).Q),
                Of("f.solve", n, n * (double)n, Tensor.Cholesky, (l, b) => Tensor.SolveTriangular(l, b)),
            ]
        select benchmark;

    /// <summary>Positive definite matrices.</summary>
    public static Tensor Matrices(int n)
    {
        Tensor b = Uniform.Of([Batch, n, n], 1, -1.0, 1.0);
        return (Tensor.MatMul(b, b.T) / n) + Tensor.Eye(n);
    }

    public static Tensor RightSides(int n) => Uniform.Of([Batch, n, 1], 2, -1.0, 1.0);

    private static Case Of(
        string name,
        int n,
        double operations,
        Func<Tensor, Tensor> given,
        Func<Tensor, Tensor, Tensor> function
    )
    {
        var run = new Lazy<Action>(() => Prepare(n, given, function));
        return new Case(
            name,
            $"{n}x{n}, batch {Batch}",
            "",
            () => run.Value(),
            median =>
                [("per_matrix_s", median / Batch), (Measurement.Floor, Batch * operations / Peak.Flops(DType.Float64))]
        );
    }

    private static Action Prepare(int n, Func<Tensor, Tensor> given, Func<Tensor, Tensor, Tensor> function)
    {
        Tensor a = given(Matrices(n));
        Function traced = Function.TraceClosed(
            "benchmark",
            [new TensorType(DType.Float64, [Batch, n, n]), new TensorType(DType.Float64, [Batch, n, 1])],
            x => [function(x[0], x[1])]
        );
        var compiled = CompiledFunction.For(traced);
        Buffer[] arguments = [Reading.Force(a), Reading.Force(RightSides(n))];
        Buffer[] results = compiled.AllocateResults();
        return () => compiled.Run(arguments, results);
    }
}
