namespace Implicit.Tests.Laws.Cases;

/// <summary>Layer and group normalisation, and the spectral norm.</summary>
internal static class NormalisationCases
{
    public static IEnumerable<OpCase> All =>
        [
            new(
                "layerNorm",
                [Arg.Floats([3, 4])],
                [3, 4],
                x => Tensor.LayerNorm(x[0]),
                x => Dense.Each(3, x, one => Standardised(one[0], 1e-5))
            ),
            new(
                "layerNorm over two axes",
                [Arg.Floats([2, 2, 3])],
                [2, 2, 3],
                x => Tensor.LayerNorm(x[0], 2, epsilon: 0.1),
                x => Dense.Each(2, x, one => Standardised(one[0], 0.1))
            ),
            new(
                "groupNorm",
                [Arg.Floats([2, 4, 3, 2])],
                [2, 4, 3, 2],
                x => Tensor.GroupNorm(x[0], 2),
                x => Dense.Each(4, x, one => Standardised(one[0], 1e-5))
            ),
            new(
                "groupNorm of single channels",
                [Arg.Floats([2, 3, 4])],
                [2, 3, 4],
                x => Tensor.GroupNorm(x[0], 3),
                x => Dense.Each(6, x, one => Standardised(one[0], 1e-5))
            ),
            new(
                "spectralNorm",
                [MatrixArgs.Distinct([2, 3, 4])],
                [2],
                x => Tensor.SpectralNorm(x[0]),
                x => Dense.Each(2, x, one => [Stretch(one[0], 3, 4)])
            )
            {
                Condition = 100,
            },
            new(
                "spectralNorm by two steps",
                [Arg.Floats([3, 2]), Arg.Floats([3], 0.5, 1.0)],
                [],
                x => Tensor.SpectralNorm(x[0], x[1], 2).Norm,
                x => [Norm(Iterated(x[0], x[1]))]
            )
            {
                Condition = 100,
            },
            new(
                "the vector of spectralNorm by two steps",
                [Arg.Floats([3, 2]), Arg.Floats([3], 0.5, 1.0)],
                [3],
                x => Tensor.SpectralNorm(x[0], x[1], 2).U,
                x => Unit(Iterated(x[0], x[1]))
            )
            {
                Condition = 100,
            },
        ];

    private static double[] Standardised(double[] x, double epsilon)
    {
        double mean = x.Average();
        double variance = x.Sum(a => (a - mean) * (a - mean)) / x.Length;
        return Array.ConvertAll(x, a => (a - mean) / Math.Sqrt(variance + epsilon));
    }

    private static double Stretch(double[] a, int m, int n) =>
        Math.Sqrt(Dense.Eigen(Dense.Gram(a, m, n), n).Values[^1]);

    /// <summary>A·v̂ after two rounds of v = Aᵀ·u, u = A·v̂ on a matrix [3, 2], with v̂ = v/‖v‖.</summary>
    private static double[] Iterated(double[] a, double[] u)
    {
        for (int step = 0; step < 2; step++)
            u = Dense.Product(a, Unit(Dense.Product(u, a, 1, 3, 2)), 3, 2, 1);
        return u;
    }

    private static double[] Unit(double[] x) => Array.ConvertAll(x, element => element / Norm(x));

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(element => element * element));
}
