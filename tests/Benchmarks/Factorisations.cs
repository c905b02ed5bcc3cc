using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>Dense factorisations of batches of 128, float64; the floor is n³/3 (Cholesky) or 2n³/3 (LU) operations at the peak.</summary>
internal static class Factorisations
{
    private const int Batch = 128;

    public static IEnumerable<Case> All =>
        from n in (int[])[10, 50, 100, 200]
        from isCholesky in (bool[])[true, false]
        select Of(n, isCholesky);

    private static Case Of(int n, bool isCholesky)
    {
        var run = new Lazy<Action>(() => Prepare(n, isCholesky));
        return new Case(
            isCholesky ? "f.cholesky" : "f.lu",
            $"{n}x{n}, batch {Batch}",
            "",
            () => run.Value(),
            median =>
                [
                    ("per_matrix_s", median / Batch),
                    (Measurement.Floor, Batch * (isCholesky ? 1.0 : 2.0) / 3.0 * n * n * n / Peak.Flops(DType.Float64)),
                ]
        );
    }

    private static Action Prepare(int n, bool isCholesky)
    {
        Tensor b = Uniform.Of([Batch, n, n], 1, -1.0, 1.0);
        Tensor a = (Tensor.MatMul(b, b.T) / n) + Tensor.Eye(n);
        Function traced = Function.TraceClosed(
            "benchmark",
            [new TensorType(DType.Float64, [Batch, n, n])],
            x => [isCholesky ? Tensor.Cholesky(x[0]) : Tensor.Lu(x[0]).U]
        );
        var compiled = CompiledFunction.For(traced);
        Buffer[] arguments = [Reading.Force(a)];
        Buffer[] results = compiled.AllocateResults();
        return () => compiled.Run(arguments, results);
    }
}
