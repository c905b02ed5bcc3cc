namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>
/// A graph of arithmetic over every kind of view, broadcast and sum, one step for each number, with a bound of its errors. Roots and divisors are
/// of positive numbers, whose errors are relative ones.
/// </summary>
/// <param name="full">The shape in which tensors meet.</param>
/// <param name="inputs">What the graph begins with, one of them positive.</param>
internal sealed class RoundedGraph(Shape full, Rounded[] inputs)
{
    private readonly List<Rounded> known = [.. inputs];
    private System.Random random = new(0);

    /// <summary>The last results, each computed by one step from what came before.</summary>
    public Rounded[] Results(IEnumerable<int> steps)
    {
        int position = 0;
        foreach (int step in steps)
        {
            random = new System.Random((step * 7919) + position++);
            known.Add(Next());
        }
        return [.. known.TakeLast(3)];
    }

    private Rounded Next() =>
        random.Next(12) switch
        {
            0 => -Any(),
            1 => Fitting() + Fitting(),
            2 => Fitting() - Fitting(),
            3 => Fitting() * Fitting(),
            4 => Fitting() / Fit(Positive()),
            5 => Rounded.Sqrt(Positive()),
            6 => Moved(Any()),
            7 => Summed(),
            8 => Product(),
            9 => (Fitting() * Number()) + Number(),
            10 => (-Fitting() * Fitting()) + (Fitting() * Fitting()),
            _ => (Fitting() * Fitting()) + Fitting(),
        };

    private Rounded Moved(Rounded x)
    {
        int seed = random.Next();
        return x.Moved(one => Layouts.Moved(one, new System.Random(seed)));
    }

    /// <summary>A sum along one axis of what is elementwise work, as a rule.</summary>
    private Rounded Summed()
    {
        Rounded x = (Fitting() * Fitting()) + Fitting();
        return full.Rank == 0 ? x : Rounded.Sum(x, random.Next(full.Rank));
    }

    /// <summary>A product of matrices with a bias.</summary>
    private Rounded Product()
    {
        int columns = full.Rank == 0 ? 1 : full[full.Rank - 1];
        Rounded rows = Fitting().Moved(x => Tensor.Reshape(x, [x.Length / columns, columns]));
        Rounded few = rows.Moved(x => Tensor.Transpose(Tensor.Slice(x, 0, 0, Math.Min(x.Shape[0], 7))));
        return (Fit(Rounded.MatMul(rows, few)) * Number()) + Fitting();
    }

    /// <summary>A constant of the graph.</summary>
    private Rounded Number() =>
        Rounded.Exact(Tensor.Scalar(0.5 + (1.5 * random.NextDouble()), known[0].Value.DType), isPositive: true);

    private Rounded Fitting() => Fit(Any());

    private Rounded Fit(Rounded x) => x.Moved(one => Layouts.Fit(one, full));

    private Rounded Any() => known[random.Next(known.Count)];

    private Rounded Positive()
    {
        Rounded[] positive = [.. known.Where(one => one.IsPositive)];
        return positive[random.Next(positive.Length)];
    }
}
