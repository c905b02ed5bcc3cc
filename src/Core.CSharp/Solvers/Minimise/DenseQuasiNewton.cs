namespace Implicit.Solvers.Minimise;

/// <summary>BFGS with the dense inverse Hessian: Nocedal and Wright (2006), algorithm 6.1, equations 6.17 and 6.20.</summary>
/// <param name="search">How far to go along a direction.</param>
internal sealed class DenseQuasiNewton(LineSearch search) : QuasiNewton(search)
{
    private double[]? inverse;

    protected override bool HasLearnt => inverse is not null;

    protected override double[] Direction(double[] gradient) =>
        inverse is null ? Numbers.Scaled(-1.0, gradient) : Product(inverse, gradient, -1.0);

    /// <summary>H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ.</summary>
    protected override void Learn(double[] s, double[] y, double curvature)
    {
        int n = s.Length;
        if (inverse is null)
        {
            inverse = new double[n * n];
            for (int i = 0; i < n; i++)
                inverse[(i * n) + i] = curvature / Numbers.Dot(y, y);
        }
        double[] hy = Product(inverse, y, 1.0);
        double weight = (1.0 + (Numbers.Dot(y, hy) / curvature)) / curvature;
        for (int i = 0; i < n; i++)
        {
            Span<double> row = inverse.AsSpan(i * n, n);
            Linear.Vectors.Add(row, (weight * s[i]) - (hy[i] / curvature), s);
            Linear.Vectors.Add(row, -s[i] / curvature, hy);
        }
    }

    protected override void Forget() => inverse = null;

    private static double[] Product(double[] matrix, double[] x, double scale)
    {
        int n = x.Length;
        double[] product = new double[n];
        for (int i = 0; i < n; i++)
            product[i] = scale * Linear.Vectors.Dot<double>(matrix.AsSpan(i * n, n), x);
        return product;
    }
}
