namespace Implicit.Tests.Laws.Cases;

/// <summary>Matrices, or batches of them, on which a factorisation is well conditioned and smooth.</summary>
internal static class MatrixArgs
{
    /// <summary>Positive definite, with a part that is not symmetric.</summary>
    public static Arg Definite(Shape shape) => Of(shape, (random, i, j) => Noise(random) + (i == j ? 3.0 + i : 0.0));

    /// <summary>Symmetric but for noise, with distinct eigenvalues of both signs.</summary>
    public static Arg Symmetric(Shape shape) =>
        Of(shape, (random, i, j) => (0.6 * Noise(random)) + (i == j ? (2.0 * i) - 2.5 : 0.0));

    /// <summary>Far from singular; the order in which rows become pivots does not hang on small changes.</summary>
    public static Arg Regular(Shape shape) =>
        Of(shape, (random, i, j) => Noise(random) + (j == (i + 1) % shape[^1] ? 3.0 + i : 0.0));

    /// <summary>Any extents, of full rank, with distinct singular values.</summary>
    public static Arg Distinct(Shape shape) =>
        Of(shape, (random, i, j) => (0.6 * Noise(random)) + (i == j ? 1.0 + (1.5 * i) : 0.0));

    private static double Noise(Random random) => (2.0 * random.NextDouble()) - 1.0;

    private static Arg Of(Shape shape, Func<Random, int, int, double> element)
    {
        int columns = shape[^1];
        int rows = shape[^2];
        return new(
            shape,
            random =>
                [.. Enumerable.Range(0, shape.Length).Select(p => element(random, p / columns % rows, p % columns))]
        );
    }
}
