namespace Implicit.Tests.Laws.Cases;

internal static class ReductionCases
{
    public static IEnumerable<OpCase> All =>
        [
            .. Sums,
            .. Extrema,
            .. Norms,
            .. AlongAnAxis("softmax", Tensor.Softmax, Softmax),
            .. AlongAnAxis("logSoftmax", Tensor.LogSoftmax, x => Array.ConvertAll(Softmax(x), Math.Log)),
        ];

    private static IEnumerable<OpCase> Sums =>
        [
            .. Over("sum", (x, axes) => Tensor.Sum(x, axes), x => x.Sum()),
            .. Over("sum of int64", (x, axes) => Tensor.Sum(x, axes), x => x.Sum(), Whole),
            .. Over("sumsq", (x, axes) => Tensor.Sumsq(x, axes), x => x.Sum(a => a * a)),
            .. Over("mean", (x, axes) => Tensor.Mean(x, axes), x => x.Average()),
            .. Over("variance", (x, axes) => Tensor.Variance(x, axes), Variance),
            .. Over("standardDeviation", (x, axes) => Tensor.StandardDeviation(x, axes), x => Math.Sqrt(Variance(x))),
            .. Over("prod", (x, axes) => Tensor.Prod(x, axes), Product),
            .. Over("prod with zeros", (x, axes) => Tensor.Prod(x, axes), Product, WithZeros),
            .. Over("logSumExp", (x, axes) => Tensor.LogSumExp(x, axes), x => Math.Log(x.Sum(Math.Exp))),
            Kept("sum", x => Tensor.Sum(x, keepDims: true, 1)),
            Kept("mean", x => 2.0 * Tensor.Mean(x, keepDims: true, 1)),
        ];

    private static IEnumerable<OpCase> Extrema =>
        [
            .. Over("max", (x, axes) => Tensor.Max(x, axes), x => x.Max(), Apart),
            .. Over("min", (x, axes) => Tensor.Min(x, axes), x => x.Min(), Apart),
            .. Over("max of int64", (x, axes) => Tensor.Max(x, axes), x => x.Max(), Whole),
            .. Over("argmax", (x, axes) => Tensor.Argmax(x, axes), x => Array.IndexOf(x, x.Max())),
            .. Over("argmin", (x, axes) => Tensor.Argmin(x, axes), x => Array.IndexOf(x, x.Min())),
            .. Over("argmin of int64", (x, axes) => Tensor.Argmin(x, axes), x => Array.IndexOf(x, x.Min()), Whole),
            .. Over("any", (x, axes) => Tensor.Any(x, axes), x => x.Max(), Arg.Truths),
            .. Over("all", (x, axes) => Tensor.All(x, axes), x => x.Min(), Arg.Truths),
        ];

    private static IEnumerable<OpCase> Norms =>
        [
            .. Over("norm", (x, axes) => Tensor.Norm(x, axes), x => Math.Sqrt(x.Sum(a => a * a)), Apart),
            .. Over("sumNorm", (x, axes) => Tensor.SumNorm(x, axes), x => x.Sum(Math.Abs), Apart),
            .. Over("maxNorm", (x, axes) => Tensor.MaxNorm(x, axes), x => x.Max(Math.Abs), FarFromZero),
        ];

    /// <summary>A reduction over all axes, over the middle one and the outer two of [2, 3, 2], and of a scalar.</summary>
    private static IEnumerable<OpCase> Over(
        string name,
        Func<Tensor, int[], Tensor> apply,
        Func<double[], double> reference,
        Func<Shape, Arg>? input = null
    )
    {
        input ??= shape => Arg.Floats(shape);
        return
        [
            new(name, [input([2, 3, 2])], [], x => apply(x[0], []), x => [reference(x[0])]),
            new(
                $"{name} over axis 1",
                [input([2, 3, 2])],
                [2, 2],
                x => apply(x[0], [1]),
                x => Grouped(x[0], p => (p / 6 * 2) + (p % 2), reference)
            ),
            new(
                $"{name} over axes 0 and -1",
                [input([2, 3, 2])],
                [3],
                x => apply(x[0], [0, -1]),
                x => Grouped(x[0], p => p / 2 % 3, reference)
            ),
            new(
                $"{name} of a transpose",
                [input([2, 3])],
                [3],
                x => apply(x[0].T, [1]),
                x => Grouped(x[0], p => p % 3, reference)
            ),
        ];
    }

    /// <summary>A function that normalises along one axis: the last, and the first, of [2, 3].</summary>
    private static IEnumerable<OpCase> AlongAnAxis(
        string name,
        Func<Tensor, int, Tensor> apply,
        Func<double[], double[]> reference
    ) =>
        [
            new(
                name,
                [Arg.Floats([2, 3])],
                [2, 3],
                x => apply(x[0], -1),
                x => [.. reference(x[0][..3]), .. reference(x[0][3..])]
            ),
            new(
                $"{name} over axis 0",
                [Arg.Floats([2, 3])],
                [2, 3],
                x => apply(x[0], 0),
                x => [.. Enumerable.Range(0, 6).Select(p => reference([x[0][p % 3], x[0][(p % 3) + 3]])[p / 3])]
            ),
        ];

    private static OpCase Kept(string name, Func<Tensor, Tensor> apply) =>
        new(
            $"{name} that keeps its axis",
            [Arg.Floats([3, 2])],
            [3, 1],
            x => apply(x[0]),
            x => Grouped(x[0], p => p / 2, group => group.Sum())
        );

    /// <summary>Reduces the elements that fall to one place of the result.</summary>
    private static double[] Grouped(double[] x, Func<int, int> place, Func<double[], double> reference) =>
        [
            .. x.Select((element, p) => (element, at: place(p)))
                .GroupBy(pair => pair.at, pair => pair.element)
                .OrderBy(group => group.Key)
                .Select(group => reference([.. group])),
        ];

    private static double Product(double[] x) => x.Aggregate(1.0, (product, a) => product * a);

    private static double Variance(double[] x) => x.Average(a => Math.Pow(a - x.Average(), 2.0));

    private static double[] Softmax(double[] x) => Array.ConvertAll(x, a => Math.Exp(a) / x.Sum(Math.Exp));

    private static Arg Whole(Shape shape) => Arg.Integers(shape, -3, 4);

    private static Arg Apart(Shape shape) => Arg.Apart(shape);

    // Distinct in size too.
    private static Arg FarFromZero(Shape shape) =>
        new(shape, random => [.. Arg.Apart(shape).Draw(random).Select((a, i) => a > 0.0 ? a + 4.05 : a - 4.0)]);

    // None, one and several zeros among the elements that meet, whichever axes are reduced.
    private static Arg WithZeros(Shape shape) =>
        Arg.Exactly(
            shape,
            [.. new[] { 0.0, 1.5, 2.0, -0.5, 0.0, 3.0, 0.75, -1.25, 0.0, 1.1, 2.5, 0.0 }.Take(shape.Length)]
        );
}
