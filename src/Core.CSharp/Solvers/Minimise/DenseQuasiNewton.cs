namespace Implicit.Solvers.Minimise;

/// <summary>BFGS with the dense inverse Hessian: Nocedal and Wright (2006), algorithm 6.1, equations 6.17 and 6.20.</summary>
/// <param name="n">The number of unknowns.</param>
/// <param name="search">How far to go along a direction.</param>
internal sealed class DenseQuasiNewton(int n, LineSearch search) : QuasiNewton(n, search)
{
    private readonly double[] hy = new double[n];

    /// <summary>[n, n], made when there is something to learn, for a start may be the minimum.</summary>
    private double[] inverse = [];
    private bool hasLearnt;

    protected override bool HasLearnt => hasLearnt;

    protected override void Direct(double[] direction, double[] gradient)
    {
        if (hasLearnt)
            Multiply(direction, gradient, -1.0);
        else
            Numbers.Scale(direction, -1.0, gradient);
    }

    /// <summary>H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ.</summary>
    protected override void Learn(double[] s, double[] y, double curvature)
    {
        if (!hasLearnt)
            BeginWith(curvature / Numbers.Dot(y, y));
        Multiply(hy, y, 1.0);
        double weight = (1.0 + (Numbers.Dot(y, hy) / curvature)) / curvature;
        for (int i = 0; i < s.Length; i++)
        {
            Span<double> row = Row(i, s.Length);
            Linear.Vectors.Add(row, (weight * s[i]) - (hy[i] / curvature), s);
            Linear.Vectors.Add(row, -s[i] / curvature, hy);
        }
    }

    protected override void Forget() => hasLearnt = false;

    private void BeginWith(double diagonal)
    {
        if (inverse.Length == 0)
            inverse = new double[hy.Length * hy.Length];
        Array.Clear(inverse);
        for (int i = 0; i < hy.Length; i++)
            Row(i, hy.Length)[i] = diagonal;
        hasLearnt = true;
    }

    /// <summary>y ← s·H·x.</summary>
    private void Multiply(double[] y, double[] x, double s)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = s * Linear.Vectors.Dot<double>(Row(i, x.Length), x);
    }

    private Span<double> Row(int i, int length) => inverse.AsSpan(i * length, length);
}
