namespace Implicit.Solvers.Minimise;

/// <summary>L-BFGS: the inverse Hessian by the last steps. Nocedal and Wright (2006), algorithms 7.4 and 7.5, equation 7.20.</summary>
internal sealed class LimitedMemory(int memory, LineSearch search) : IDescent
{
    private readonly List<(double[] S, double[] Y, double Curvature)> pairs = [];

    public Iterate? Step(IObjective objective, Iterate now)
    {
        double[] direction = Direction(now.Gradient);
        double first = pairs.Count == 0 ? 1.0 / Math.Max(1.0, Numbers.Norm(now.Gradient)) : 1.0;
        Iterate? next = search.Along(objective, now, direction, first);
        if (next is null && pairs.Count > 0)
        {
            // What was learnt of the curvature no longer descends: forget it.
            pairs.Clear();
            return Step(objective, now);
        }
        if (next is not null)
            Learn(Numbers.Difference(next.X, now.X), Numbers.Difference(next.Gradient, now.Gradient));
        return next;
    }

    private double[] Direction(double[] gradient)
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

    private void Learn(double[] s, double[] y)
    {
        double curvature = Numbers.Dot(s, y);
        if (!(curvature > Numbers.Epsilon * Numbers.Norm(s) * Numbers.Norm(y)))
            return;
        if (pairs.Count == memory)
            pairs.RemoveAt(0);
        pairs.Add((s, y, curvature));
    }
}
