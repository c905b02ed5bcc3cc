namespace Implicit.Tests.Laws.Cases;

internal static class MovementCases
{
    public static IEnumerable<OpCase> All =>
        [
            new("reshape", [Arg.Floats([2, 3])], [3, 2], x => Tensor.Reshape(x[0], [3, 2]), x => x[0]),
            new(
                "reshape of a transpose",
                [Arg.Floats([2, 3])],
                [6],
                x => Tensor.Reshape(x[0].T, [6]),
                x => [.. Enumerable.Range(0, 6).Select(p => x[0][(p % 2 * 3) + (p / 2)])]
            ),
            new(
                "permute",
                [Arg.Floats([2, 3, 4])],
                [4, 2, 3],
                x => Tensor.Permute(x[0], 2, 0, 1),
                x => [.. Enumerable.Range(0, 24).Select(p => x[0][(p % 6 * 4) + (p / 6)])]
            ),
            new(
                "expand",
                [Arg.Floats([3, 1])],
                [2, 3, 4],
                x => Tensor.Expand(x[0], [2, 3, 4]),
                x => [.. Enumerable.Range(0, 24).Select(p => x[0][p / 4 % 3])]
            ),
        ];
}
