namespace Implicit.Tests.Laws.Cases;

/// <summary>Taking parts and putting them together. References state, for each result, the source place of each element.</summary>
internal static class IndexingCases
{
    public static IEnumerable<OpCase> All => [.. Parts, .. Gathers, .. Joins, .. Matrices, .. Sums];

    private static IEnumerable<OpCase> Parts =>
        [
            Taken(
                "slice with steps",
                [4, 5],
                [2, 2],
                x => x[1..][AxisIndex.Every(null, null, 2), AxisIndex.Every(0, 4, 3)],
                [5, 8, 15, 18]
            ),
            Taken(
                "slice backwards",
                [3, 4],
                [2, 2],
                x => x[AxisIndex.Every(null, 0, -1), AxisIndex.Every(3, 0, -2)],
                [11, 9, 7, 5]
            ),
            Taken("index an axis", [2, 3, 2], [2, 2], x => Tensor.Index(x, 1, -1), [4, 5, 10, 11]),
            Taken("index to a scalar", [2, 3], [], x => x[1, ^1], [5]),
            Taken("flip", [2, 3], [2, 3], x => Tensor.Flip(x, 1), [2, 1, 0, 5, 4, 3]),
            Taken("roll", [4], [4], x => Tensor.Roll(x, -1), [1, 2, 3, 0]),
            Taken("repeat", [2, 2], [2, 4], x => Tensor.Repeat(x, 2, 1), [0, 0, 1, 1, 2, 2, 3, 3]),
            Taken("tile", [1, 2], [2, 4], x => Tensor.Tile(x, 2, 2), [0, 1, 0, 1, 0, 1, 0, 1]),
            Taken("an empty slice", [3], [0], x => x[1..1], []),
        ];

    private static IEnumerable<OpCase> Gathers =>
        [
            new(
                "gather along axis 1",
                [Arg.Floats([2, 4, 2]), Arg.Integers([2, 3], 0, 4)],
                [2, 2, 3, 2],
                x => Tensor.Gather(x[0], x[1], 1),
                x => Fill(24, p => x[0][(p / 12 * 8) + ((int)x[1][p / 2 % 6] * 2) + (p % 2)])
            ),
            new(
                "takeAlongAxis",
                [Arg.Floats([3, 4]), Arg.Integers([2, 3], 0, 3)],
                [2, 3],
                x => Tensor.TakeAlongAxis(x[0], x[1], 0),
                x => Fill(6, p => x[0][((int)x[1][p] * 4) + (p % 3)])
            ),
            new(
                "scatterAdd",
                [Arg.Floats([4, 2]), Arg.Integers([3], 0, 4), Arg.Floats([3, 2])],
                [4, 2],
                x => Tensor.ScatterAdd(x[0], x[1], x[2]),
                x => Scattered(x[0], x[2], p => ((int)x[1][p / 2] * 2) + (p % 2))
            ),
            new(
                "scatterAdd of a scalar along axis 1",
                [Arg.Floats([2, 3]), Arg.Integers([2, 2], 0, 3), Arg.Floats([])],
                [2, 3],
                x => Tensor.ScatterAdd(x[0], x[1], x[2], 1),
                x => Scattered(x[0], Fill(8, _ => x[2][0]), p => (p / 4 * 3) + (int)x[1][p % 4])
            ),
            new(
                "scatterAddAlongAxis",
                [Arg.Floats([3, 4]), Arg.Integers([2, 3], 0, 4), Arg.Floats([2, 3])],
                [3, 4],
                x => Tensor.ScatterAddAlongAxis(x[0], x[1], x[2], 1),
                x => Scattered(x[0], x[2], p => (p / 3 * 4) + (int)x[1][p])
            ),
            new(
                "sort",
                [Arg.Apart([2, 5])],
                [2, 5],
                x => Tensor.Sort(x[0]),
                x => [.. x[0][..5].Order(), .. x[0][5..].Order()]
            ),
            new(
                "sort descending along axis 0",
                [Arg.Apart([4])],
                [4],
                x => Tensor.Sort(x[0], 0, descending: true),
                x => [.. x[0].OrderDescending()]
            ),
        ];

    private static IEnumerable<OpCase> Joins =>
        [
            new(
                "concat",
                [Arg.Floats([2, 1]), Arg.Floats([2, 2]), Arg.Floats([2, 0])],
                [2, 3],
                x => Tensor.Concat(x, 1),
                x => [x[0][0], x[1][0], x[1][1], x[0][1], x[1][2], x[1][3]]
            ),
            new(
                "concat that is computed on",
                [Arg.Floats([2]), Arg.Floats([3])],
                [5],
                x => Tensor.Concat([x[0] * x[0], Tensor.Flip(x[1])]) * 2.0,
                x => [2 * x[0][0] * x[0][0], 2 * x[0][1] * x[0][1], 2 * x[1][2], 2 * x[1][1], 2 * x[1][0]]
            ),
            new(
                "stack",
                [Arg.Floats([2]), Arg.Floats([2])],
                [2, 2],
                x => Tensor.Stack(x, -1),
                x => [x[0][0], x[1][0], x[0][1], x[1][1]]
            ),
            new(
                "stack of what it was split into",
                [Arg.Floats([2, 3])],
                [3, 2],
                x => Tensor.Stack(Tensor.Unstack(x[0], 1)),
                x => Fill(6, p => x[0][(p % 2 * 3) + (p / 2)])
            ),
            new(
                "pad",
                [Arg.Floats([1, 2])],
                [2, 4],
                x => Tensor.Pad(x[0], [0, 1], [1, 1], 7),
                x => [7, x[0][0], x[0][1], 7, 7, 7, 7, 7]
            ),
        ];

    private static IEnumerable<OpCase> Matrices =>
        [
            Taken("diagonal", [3, 4], [3], x => Tensor.Diagonal(x, 1), [1, 6, 11]),
            Taken("diagonal of a transpose", [3, 4], [2], x => Tensor.Diagonal(x.T, 1), [4, 9]),
            new(
                "diag",
                [Arg.Floats([2])],
                [3, 3],
                x => Tensor.Diag(x[0], -1),
                x => [0, 0, 0, x[0][0], 0, 0, 0, x[0][1], 0]
            ),
            new(
                "tril",
                [Arg.Floats([3, 3])],
                [3, 3],
                x => Tensor.Tril(x[0]),
                x => Fill(9, p => p / 3 >= p % 3 ? x[0][p] : 0)
            ),
            new(
                "triu",
                [Arg.Floats([2, 3])],
                [2, 3],
                x => Tensor.Triu(x[0], 1),
                x => Fill(6, p => p / 3 < p % 3 ? x[0][p] : 0)
            ),
        ];

    private static IEnumerable<OpCase> Sums =>
        [
            new(
                "cumsum",
                [Arg.Floats([2, 3])],
                [2, 3],
                x => Tensor.Cumsum(x[0], 1),
                x => Fill(6, p => x[0][(p / 3 * 3)..(p + 1)].Sum())
            ),
            new(
                "cumsum along axis 0 of a transpose",
                [Arg.Floats([2, 3])],
                [3, 2],
                x => Tensor.Cumsum(x[0].T, 0),
                x => Fill(6, p => x[0][(p % 2 * 3)..((p % 2 * 3) + (p / 2) + 1)].Sum())
            ),
        ];

    private static OpCase Taken(string name, Shape from, Shape to, Func<Tensor, Tensor> apply, int[] places) =>
        new(name, [Arg.Floats(from)], to, x => apply(x[0]), x => Fill(places.Length, p => x[0][places[p]]));

    private static double[] Fill(int count, Func<int, double> element) =>
        [.. Enumerable.Range(0, count).Select(element)];

    private static double[] Scattered(double[] x, double[] values, Func<int, int> place)
    {
        double[] sums = [.. x];
        for (int p = 0; p < values.Length; p++)
            sums[place(p)] += values[p];
        return sums;
    }
}
