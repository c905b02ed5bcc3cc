namespace Implicit.Solvers.Minimise;

/// <summary>L-BFGS: the inverse Hessian by the last steps. Nocedal and Wright (2006), algorithms 7.4 and 7.5, equation 7.20.</summary>
/// <param name="n">The number of unknowns.</param>
/// <param name="memory">How many steps are remembered.</param>
/// <param name="search">How far to go along a direction.</param>
internal sealed class LimitedMemory(int n, int memory, LineSearch search) : QuasiNewton(n, search)
{
    private readonly List<Pair> pairs = [];

    protected override bool HasLearnt => pairs.Count > 0;

    protected override void Direct(double[] direction, double[] gradient)
    {
        Numbers.Scale(direction, -1.0, gradient);
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            pairs[i].Weight = Numbers.Dot(pairs[i].S, direction) / pairs[i].Curvature;
            Numbers.Add(direction, -pairs[i].Weight, pairs[i].Y);
        }
        if (pairs.Count > 0)
            Numbers.Scale(direction, pairs[^1].Curvature / Numbers.Dot(pairs[^1].Y, pairs[^1].Y), direction);
        foreach (Pair pair in pairs)
            Numbers.Add(direction, pair.Weight - (Numbers.Dot(pair.Y, direction) / pair.Curvature), pair.S);
    }

    protected override void Learn(double[] s, double[] y, double curvature)
    {
        Pair pair = pairs.Count == memory ? pairs[0] : new Pair(s.Length);
        if (pairs.Count == memory)
            pairs.RemoveAt(0);
        s.CopyTo(pair.S, 0);
        y.CopyTo(pair.Y, 0);
        pair.Curvature = curvature;
        pairs.Add(pair);
    }

    protected override void Forget() => pairs.Clear();

    /// <summary>A step s with the change y of the gradient along it, and their product.</summary>
    private sealed class Pair(int n)
    {
        public double[] S { get; } = new double[n];

        public double[] Y { get; } = new double[n];

        public double Curvature { get; set; }

        /// <summary>α of algorithm 7.4, between its two loops.</summary>
        public double Weight { get; set; }
    }
}
