namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>
/// A graph over operations of every family, element type and kind of view, one operation for each number: fewer numbers give a smaller graph
/// of the same beginning, so failures shrink.
/// </summary>
/// <param name="full">The shape in which tensors meet.</param>
/// <param name="inputs">What the graph begins with.</param>
/// <param name="isExact">
/// Whether floats are made whole numbers before they are summed, and nothing else sums them: so no order of a sum changes its bits.
/// </param>
internal sealed partial class RandomGraph(Shape full, Tensor[] inputs, bool isExact = false)
{
    private static readonly Func<Tensor, Tensor>[] OfFloats =
    [
        x => -x,
        Tensor.Abs,
        Tensor.Acos,
        Tensor.Asin,
        Tensor.Atan,
        Tensor.Ceiling,
        Tensor.Cos,
        Tensor.Cosh,
        Tensor.Erf,
        Tensor.Exp,
        Tensor.Expm1,
        Tensor.Floor,
        Tensor.Gelu,
        Tensor.Log,
        Tensor.Log10,
        Tensor.Log1p,
        Tensor.Relu,
        Tensor.Round,
        Tensor.Sigmoid,
        Tensor.Sign,
        Tensor.Silu,
        Tensor.Sin,
        Tensor.Sinh,
        Tensor.Softplus,
        Tensor.Sqrt,
        Tensor.Tan,
        Tensor.Tanh,
        Tensor.Truncate,
        x => Tensor.Pow(x, 3),
        x => Tensor.Clamp(x, -1.0, 0.75),
        Tensor.StopGradient,
    ];

    private static readonly Func<Tensor, Tensor, Tensor>[] OfTwoNumbers =
    [
        (a, b) => a + b,
        (a, b) => a - b,
        (a, b) => a * b,
        Tensor.Minimum,
        Tensor.Maximum,
        (a, b) => (a * b) + a,
    ];

    private static readonly Func<Tensor, Tensor, Tensor>[] OfTwoFloats = [(a, b) => a / b, Tensor.Pow, Tensor.Atan2];

    private static readonly Func<Tensor, Tensor, Tensor>[] Comparisons =
    [
        Tensor.Equal,
        Tensor.NotEqual,
        Tensor.Less,
        Tensor.LessOrEqual,
        Tensor.Greater,
        Tensor.GreaterOrEqual,
    ];

    private readonly List<Tensor> known = [.. inputs];
    private System.Random random = new(0);

    /// <summary>The last results, each computed by one operation from what came before.</summary>
    public Tensor[] Results(IEnumerable<int> steps)
    {
        int position = 0;
        foreach (int step in steps)
        {
            random = new System.Random((step * 7919) + position++);
            known.Add(step % 5 == 4 ? OfNumbers() : Next());
        }
        return [.. known.TakeLast(3)];
    }

    private Tensor Next() =>
        random.Next(20) switch
        {
            16 => Placed(),
            17 => Factored(),
            18 => Drawn(),
            19 => isExact || random.Next(4) == 0 ? Selected() : Derived(),
            < 4 => Pick(OfFloats)(Float()),
            < 7 => OfTwo(random.Next(4) == 0 ? Pick(OfTwoFloats) : Pick(OfTwoNumbers)),
            7 => OfTwo(Pick(Comparisons)),
            8 => OfTwo((a, b) => Tensor.Where(Truth(), a, b)),
            9 when random.Next(4) == 0 => Tensor.Scheduled(taken => taken, Tensor.Cast(Truth(), DType.Int64)),
            9 => Tensor.Cast(Any(), Pick(DType.Float64, DType.Float32, DType.Int64, DType.Bool)),
            10 => Truths(),
            11 or 12 => Layouts.Moved(Any(), random),
            13 => Reduced(),
            14 => Whole(),
            _ => random.Next(2) == 0 ? Layer() : Product(),
        };

    private Tensor OfTwo(Func<Tensor, Tensor, Tensor> operation)
    {
        Tensor a = Fit(Float());
        return operation(a, Fit(Tensor.Cast(Float(), a.DType)));
    }

    private Tensor Truths() =>
        random.Next(4) switch
        {
            0 => Tensor.Not(Truth()),
            1 => Tensor.And(Truth(), Truth()),
            2 => Tensor.Or(Truth(), Truth()),
            _ => Tensor.IsNaN(Float()),
        };

    private Tensor Whole()
    {
        Tensor a = Fit(Tensor.Cast(Any(), DType.Int64));
        Tensor b = Fit(Tensor.Cast(Any(), DType.Int64));
        return random.Next(4) switch
        {
            0 => Tensor.Where(Truth(), a, b),
            1 => Tensor.Abs(a) + Tensor.Sign(b),
            2 when full.Rank > 0 => Tensor.Where(Pick(Comparisons)(a, b), a, Tensor.Iota(full, 0)),
            _ => Pick(OfTwoNumbers)(a, b),
        };
    }

    private Tensor Reduced()
    {
        Tensor x = Float();
        if (x.Shape.Rank == 0)
            return Tensor.Sum(x);
        int axis = random.Next(x.Shape.Rank);
        return random.Next(11) switch
        {
            0 => Tensor.Sum(Summand(x)),
            1 => Tensor.Sum(Summand(x), axis),
            2 => Tensor.Mean(Summand(x), keepDims: true, axis),
            3 => Tensor.Max(x, axis),
            4 => Tensor.Min(x),
            5 => Tensor.Prod(isExact ? Tensor.Sign(x) : x, axis),
            6 => Tensor.Argmax(x, axis),
            7 => Tensor.Any(Tensor.Less(x, 0.5), axis),
            8 => Tensor.Cumsum(x, axis),
            9 => Tensor.Argmin(x),
            _ when isExact => Tensor.Max(x, axis),
            _ => random.Next(2) == 0 ? Tensor.Softmax(x, axis) : Tensor.LogSumExp(x, axis),
        };
    }

    private Tensor Product()
    {
        Tensor a = Fit(Float());
        int columns = full.Rank == 0 ? 1 : full[full.Rank - 1];
        Tensor rows = Tensor.Reshape(a, [a.Length / columns, columns]);
        int count = rows.Shape[0];
        Tensor firsts = Tensor.Slice(rows, 0, 0, Math.Min(count, 7));
        if (random.Next(3) == 0)
        {
            Tensor places = Tensor.Cast(Tensor.Less(firsts[.., 0], 0.0), DType.Int64) * (count - 1);
            return Tensor.Gather(rows, places, 0);
        }
        return Tensor.MatMul(rows, Tensor.Transpose(firsts));
    }

    /// <summary>A product that is read once, by elementwise work with biases, factors and residuals in every layout.</summary>
    private Tensor Layer()
    {
        Tensor a = Fit(Float());
        int columns = full.Rank == 0 ? 1 : full[full.Rank - 1];
        if (columns > 64)
            return Product();
        Tensor rows = full.Rank == 3 ? a : Tensor.Reshape(a, [a.Length / columns, columns]);
        Tensor last = Tensor.Slice(rows, rows.Rank - 2, rows.Shape[-2] - 1);
        Tensor weights = Tensor.Expand(last, [.. rows.Shape.Take(rows.Rank - 2), columns, columns]);
        Tensor product = Tensor.MatMul(rows, random.Next(2) == 0 ? weights : Tensor.MoveAxis(weights, -1, -2));
        product = Tensor.Reshape(product, full);
        for (int step = random.Next(3); step >= 0; step--)
            product =
                random.Next(2) == 0
                    ? Pick(OfFloats)(product)
                    : Pick(OfTwoNumbers)(product, Fit(Tensor.Cast(Float(), product.DType)));
        return product;
    }

    private Tensor Fit(Tensor x) => Layouts.Fit(x, full);

    private Tensor Any() => known[random.Next(known.Count)];

    private Tensor Float()
    {
        Tensor x = Any();
        return x.DType is DType.Float64 or DType.Float32 ? x : Tensor.Cast(x, Pick(DType.Float64, DType.Float32));
    }

    private Tensor Truth() => Fit(Tensor.Cast(Any(), DType.Bool));

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
