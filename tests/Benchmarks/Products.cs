using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>h. Matrix products beside the peak of fused multiply-adds measured in the same run.</summary>
internal static class Products
{
    public static readonly (int M, int K, int N)[] Sizes =
    [
        (64, 64, 64),
        (256, 256, 256),
        (1024, 1024, 1024),
        (256, 64, 64),
    ];

    public static IEnumerable<Case> All =>
        from dtype in (DType[])[DType.Float32, DType.Float64]
        from size in Sizes
        select Product(dtype, size.M, size.K, size.N);

    public static Tensor[] Factors(DType dtype, int m, int k, int n) =>
        [Uniform.Of([m, k], 1, -1.0, 1.0, dtype), Uniform.Of([k, n], 2, -1.0, 1.0, dtype)];

    private static Case Product(DType dtype, int m, int k, int n)
    {
        Function product = Function.TraceClosed(
            "benchmark",
            [new TensorType(dtype, [m, k]), new TensorType(dtype, [k, n])],
            x => [Tensor.MatMul(x[0], x[1])]
        );
        var compiled = new Lazy<CompiledFunction>(() => CompiledFunction.For(product));
        var arguments = new Lazy<Buffer[]>(() => Array.ConvertAll(Factors(dtype, m, k, n), Reading.Force));
        var results = new Lazy<Buffer[]>(() => compiled.Value.AllocateResults());
        return new Case(
            "h.gemm",
            $"{m}x{k}x{n} {dtype}",
            "",
            () => compiled.Value.Run(arguments.Value, results.Value),
            median => Facts(median, 2.0 * m * k * n, Peak.Flops(dtype))
        );
    }

    private static IEnumerable<(string, double)> Facts(double median, double operations, double peak)
    {
        yield return ("gflops", operations / median / 1e9);
        yield return ("fraction_of_peak", operations / median / peak);
        yield return (Measurement.Floor, operations / peak);
    }
}
