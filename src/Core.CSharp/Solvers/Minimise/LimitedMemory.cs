namespace Implicit.Solvers.Minimise;

/// <summary>L-BFGS: the inverse Hessian by the last steps. Nocedal and Wright (2006), algorithms 7.4 and 7.5, equation 7.20.</summary>
/// <param name="memory">How many steps are remembered.</param>
/// <param name="search">How far to go along a direction.</param>
internal sealed class LimitedMemory(int memory, LineSearch search) : QuasiNewton(search)
{
    private readonly List<(double[] S, double[] Y, double Curvature)> pairs = [];

    protected override bool HasLearnt => pairs.Count > 0;

    protected override double[] Direction(double[] gradient)
    {
        double[] q = Numbers.Scaled(-1.0, gradient);
        double[] weights = new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            weights[i] = Numbers.Dot(pairs[i].S, q) / pairs[i].Curvature;
            Linear.Vectors.Add<double>(q, -weights[i], pairs[i].Y);
        }
        if (pairs.Count > 0)
            q = Numbers.Scaled(pairs[^1].Curvature / Numbers.Dot(pairs[^1].Y, pairs[^1].Y), q);
        for (int i = 0; i < pairs.Count; i++)
            Linear.Vectors.Add<double>(q, weights[i] - (Numbers.Dot(pairs[i].Y, q) / pairs[i].Curvature), pairs[i].S);
        return q;
    }

    protected override void Learn(double[] s, double[] y, double curvature)
    {
        if (pairs.Count == memory)
            pairs.RemoveAt(0);
        pairs.Add((s, y, curvature));
    }

    protected override void Forget() => pairs.Clear();
}
