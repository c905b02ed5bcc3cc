namespace Implicit.Benchmarks;

/// <summary>The numbers that all libraries share: SplitMix64 by index, row-major, made in float64 and then cast.</summary>
internal static class Uniform
{
    public static Tensor Of(Shape shape, ulong seed, double low, double high, DType dtype = DType.Float64) =>
        Tensor.Of(
            [
                .. Enumerable
                    .Range(0, shape.Aggregate(1, (a, b) => a * b))
                    .Select(k => Number(seed, (ulong)k, low, high)),
            ],
            shape,
            dtype
        );

    private static double Number(ulong seed, ulong k, double low, double high)
    {
        ulong z = unchecked((seed * 0xD1B54A32D192ED03) + ((k + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        z ^= z >> 31;
        return low + ((high - low) * ((z >> 11) * Math.Pow(2.0, -53)));
    }
}
