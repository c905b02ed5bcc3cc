namespace Implicit.Solvers.Minimise;

/// <summary>BFGS with the dense inverse Hessian: Nocedal and Wright (2006), algorithm 6.1, equations 6.17 and 6.20.</summary>
internal sealed class DenseQuasiNewton(LineSearch search) : IDescent
{
    private double[]? inverse;

    public Iterate? Step(IObjective objective, Iterate now)
    {
        int n = now.X.Length;
        double[] direction = inverse is null
            ? Numbers.Scaled(-1.0, now.Gradient)
            : Product(inverse, now.Gradient, -1.0);
        double first = inverse is null ? 1.0 / Math.Max(1.0, Numbers.Norm(now.Gradient)) : 1.0;
        Iterate? next = search.Along(objective, now, direction, first);
        if (next is null && inverse is not null)
        {
            // What was learnt of the curvature no longer descends: forget it.
            inverse = null;
            return Step(objective, now);
        }
        if (next is not null)
            Learn(Numbers.Difference(next.X, now.X), Numbers.Difference(next.Gradient, now.Gradient), n);
        return next;
    }

    private static double[] Product(double[] matrix, double[] x, double scale)
    {
        int n = x.Length;
        double[] product = new double[n];
        for (int i = 0; i < n; i++)
            product[i] = scale * Linear.Vectors.Dot<double>(matrix.AsSpan(i * n, n), x);
        return product;
    }

    /// <summary>H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ.</summary>
    private void Learn(double[] s, double[] y, int n)
    {
        double curvature = Numbers.Dot(s, y);
        if (!(curvature > Numbers.Epsilon * Numbers.Norm(s) * Numbers.Norm(y)))
            return;
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
}
