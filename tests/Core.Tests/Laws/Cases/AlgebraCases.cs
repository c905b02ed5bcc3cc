using static Implicit.Tests.Laws.Cases.Dense;

namespace Implicit.Tests.Laws.Cases;

internal static class AlgebraCases
{
    public static IEnumerable<OpCase> All => [.. Products, .. Einsums];

    private static OpCase[] Products =>
        [
            new(
                "matmul",
                [Arg.Floats([2, 3]), Arg.Floats([3, 4])],
                [2, 4],
                x => Tensor.MatMul(x[0], x[1]),
                x => Product(x[0], x[1], 2, 3, 4)
            ),
            new(
                "matmul of a vector and a matrix",
                [Arg.Floats([3]), Arg.Floats([3, 4])],
                [4],
                x => Tensor.MatMul(x[0], x[1]),
                x => Product(x[0], x[1], 1, 3, 4)
            ),
            new(
                "matmul of a matrix and a vector",
                [Arg.Floats([2, 3]), Arg.Floats([3])],
                [2],
                x => Tensor.MatMul(x[0], x[1]),
                x => Product(x[0], x[1], 2, 3, 1)
            ),
            new(
                "matmul of a batch and a matrix",
                [Arg.Floats([2, 2, 3]), Arg.Floats([3, 2])],
                [2, 2, 2],
                x => Tensor.MatMul(x[0], x[1]),
                x => Product(x[0], x[1], 4, 3, 2)
            ),
            new(
                "outer",
                [Arg.Floats([2]), Arg.Floats([3])],
                [2, 3],
                x => Tensor.Outer(x[0], x[1]),
                x => Product(x[0], x[1], 2, 1, 3)
            ),
            new(
                "dot",
                [Arg.Floats([4]), Arg.Floats([4])],
                [],
                x => Tensor.Dot(x[0], x[1]),
                x => Product(x[0], x[1], 1, 4, 1)
            ),
            new(
                "trace of a batch",
                [Arg.Floats([2, 3, 3])],
                [2],
                x => Tensor.Trace(x[0]),
                x => Each(2, x, one => [one[0][0] + one[0][4] + one[0][8]])
            ),
        ];

    private static OpCase[] Einsums =>
        [
            new(
                "einsum bij,kj->bki",
                [Arg.Floats([2, 3, 4]), Arg.Floats([5, 4])],
                [2, 5, 3],
                x => Tensor.Einsum("bij,kj->bki", x[0], x[1]),
                x => Each(2, [x[0]], one => Product(x[1], Transpose(one[0], 3, 4), 5, 4, 3))
            ),
            new(
                "einsum of a diagonal",
                [Arg.Floats([3, 3])],
                [3],
                x => Tensor.Einsum("ii->i", x[0]),
                x => [x[0][0], x[0][4], x[0][8]]
            ),
            new(
                "einsum with an ellipsis",
                [Arg.Floats([2, 3, 4]), Arg.Floats([4, 2])],
                [2, 3, 2],
                x => Tensor.Einsum("...j,jk", x[0], x[1]),
                x => Product(x[0], x[1], 6, 4, 2)
            ),
            new(
                "einsum of three factors",
                [Arg.Floats([3]), Arg.Floats([3, 4]), Arg.Floats([4])],
                [],
                x => Tensor.Einsum("i,ij,j", x[0], x[1], x[2]),
                x => Product(x[0], Product(x[1], x[2], 3, 4, 1), 1, 3, 1)
            ),
        ];
}
