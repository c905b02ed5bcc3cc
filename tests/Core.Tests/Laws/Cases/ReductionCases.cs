namespace Implicit.Tests.Laws.Cases;

internal static class ReductionCases
{
    public static IEnumerable<OpCase> All =>
        [.. Reduction("sum", (x, axes) => Tensor.Sum(x, axes), x => x.Sum(), shape => Arg.Floats(shape))];

    /// <summary>A reduction over all axes, the middle one, and the outer two of [2, 3, 2].</summary>
    private static IEnumerable<OpCase> Reduction(
        string name,
        Func<Tensor, int[], Tensor> apply,
        Func<double[], double> reference,
        Func<Shape, Arg> input
    ) =>
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
        ];

    /// <summary>Reduces the elements that fall to one place of the result.</summary>
    private static double[] Grouped(double[] x, Func<int, int> place, Func<double[], double> reference) =>
        [
            .. x.Select((element, p) => (element, at: place(p)))
                .GroupBy(pair => pair.at, pair => pair.element)
                .OrderBy(group => group.Key)
                .Select(group => reference([.. group])),
        ];
}
