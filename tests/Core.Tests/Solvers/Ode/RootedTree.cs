namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// A rooted tree, which stands for an order condition Σ bᵢΦᵢ(t) = 1/γ(t) (Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I,
/// II.2, theorem 2.13).
/// </summary>
internal sealed class RootedTree(RootedTree[] children)
{
    /// <summary>ρ, the number of vertices.</summary>
    public int Order { get; } = 1 + children.Sum(child => child.Order);

    /// <summary>γ(t) = ρ(t)·Π γ(children).</summary>
    public double Density => Order * children.Aggregate(1.0, (product, child) => product * child.Density);

    /// <summary>All trees with so many vertices: 1, 1, 2, 4, 9, 20, 48, 115, …</summary>
    public static RootedTree[] OfOrder(int order) =>
        [.. Forests(order - 1, order - 1, int.MaxValue).Select(forest => new RootedTree(forest))];

    /// <summary>Φᵢ(t) for each stage: the product over children of Σⱼ aᵢⱼΦⱼ(child).</summary>
    public double[] Weights(double[][] a)
    {
        double[] weights = [.. a.Select(_ => 1.0)];
        foreach (RootedTree child in children)
        {
            double[] inner = child.Weights(a);
            for (int i = 0; i < weights.Length; i++)
                weights[i] *= a[i].Select((aij, j) => aij * inner[j]).Sum();
        }
        return weights;
    }

    /// <summary>Σ bᵢΦᵢ(t).</summary>
    public double Weight(double[] b, double[][] a) => b.Zip(Weights(a), (bi, phi) => bi * phi).Sum();

    public override string ToString() => $"[{string.Concat(children.Select(child => child.ToString()))}]";

    /// <summary>Multisets of trees with so many vertices, listed from the largest tree down so that each comes once.</summary>
    private static IEnumerable<RootedTree[]> Forests(int vertices, int largest, int lastPlace)
    {
        if (vertices == 0)
            yield return [];
        for (int order = Math.Min(vertices, largest); order >= 1; order--)
        {
            RootedTree[] trees = OfOrder(order);
            for (
                int place = Math.Min(trees.Length - 1, order == largest ? lastPlace : int.MaxValue);
                place >= 0;
                place--
            )
                foreach (RootedTree[] rest in Forests(vertices - order, order, place))
                    yield return [trees[place], .. rest];
        }
    }
}
