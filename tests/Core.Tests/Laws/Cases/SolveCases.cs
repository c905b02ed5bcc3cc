using static Implicit.Tests.Laws.Cases.Dense;

namespace Implicit.Tests.Laws.Cases;

internal static class SolveCases
{
    public static IEnumerable<OpCase> All => [.. Triangular, .. General, .. Determinants, .. LeastSquares];

    private static OpCase[] Triangular =>
        [
            new(
                "solveTriangular of a vector",
                [MatrixArgs.Definite([3, 3]), Arg.Floats([3])],
                [3],
                x => Tensor.SolveTriangular(x[0], x[1]),
                x => Solve(Where(x[0], 3, (i, j) => i >= j), x[1], 3, 1)
            ),
            new(
                "solveTriangular, upper",
                [MatrixArgs.Definite([3, 3]), Arg.Floats([3, 2])],
                [3, 2],
                x => Tensor.SolveTriangular(x[0], x[1], lower: false),
                x => Solve(Where(x[0], 3, (i, j) => i <= j), x[1], 3, 2)
            ),
            new(
                "solveTriangular, transposed and unit",
                [Arg.Floats([3, 3], -1, 1), Arg.Floats([3, 2])],
                [3, 2],
                x => Tensor.SolveTriangular(x[0], x[1], transposed: true, unit: true),
                x => Solve(Transpose(Unit(x[0], (i, j) => i > j), 3, 3), x[1], 3, 2)
            )
            {
                Condition = 10,
            },
            new(
                "solveTriangular, upper and unit",
                [Arg.Floats([3, 3], -1, 1), Arg.Floats([3])],
                [3],
                x => Tensor.SolveTriangular(x[0], x[1], lower: false, unit: true),
                x => Solve(Unit(x[0], (i, j) => i < j), x[1], 3, 1)
            )
            {
                Condition = 10,
            },
            new(
                "solveTriangular of a batch of right sides",
                [MatrixArgs.Definite([3, 3]), Arg.Floats([2, 3, 2])],
                [2, 3, 2],
                x => Tensor.SolveTriangular(x[0], x[1]),
                x => Each(2, [x[1]], one => Solve(Where(x[0], 3, (i, j) => i >= j), one[0], 3, 2))
            ),
            new(
                "solveTriangular of a batch of matrices",
                [MatrixArgs.Definite([2, 3, 3]), Arg.Floats([3, 2])],
                [2, 3, 2],
                x => Tensor.SolveTriangular(x[0], x[1]),
                x => Each(2, [x[0]], one => Solve(Where(one[0], 3, (i, j) => i >= j), x[1], 3, 2))
            ),
        ];

    private static OpCase[] General =>
        [
            new(
                "solve of a vector",
                [MatrixArgs.Regular([3, 3]), Arg.Floats([3])],
                [3],
                x => Tensor.Solve(x[0], x[1]),
                x => Solve(x[0], x[1], 3, 1)
            )
            {
                Condition = 10,
            },
            new(
                "solve of a matrix",
                [MatrixArgs.Regular([4, 4]), Arg.Floats([4, 2])],
                [4, 2],
                x => Tensor.Solve(x[0], x[1]),
                x => Solve(x[0], x[1], 4, 2)
            )
            {
                Condition = 10,
            },
            new(
                "solve of a batch of right sides",
                [MatrixArgs.Regular([3, 3]), Arg.Floats([2, 3, 2])],
                [2, 3, 2],
                x => Tensor.Solve(x[0], x[1]),
                x => Each(2, [x[1]], one => Solve(x[0], one[0], 3, 2))
            )
            {
                Condition = 10,
            },
            new(
                "solve of a batch of matrices",
                [MatrixArgs.Regular([2, 3, 3]), Arg.Floats([3, 2])],
                [2, 3, 2],
                x => Tensor.Solve(x[0], x[1]),
                x => Each(2, [x[0]], one => Solve(one[0], x[1], 3, 2))
            )
            {
                Condition = 10,
            },
            new(
                "inverse of a batch",
                [MatrixArgs.Regular([2, 3, 3])],
                [2, 3, 3],
                x => Tensor.Inverse(x[0]),
                x => Each(2, x, one => Solve(one[0], Identity(3), 3, 3))
            )
            {
                Condition = 10,
            },
        ];

    private static OpCase[] Determinants =>
        [
            new(
                "det",
                [MatrixArgs.Regular([2, 3, 3])],
                [2],
                x => Tensor.Det(x[0]),
                x => Each(2, x, one => [Determinant(one[0], 3)])
            )
            {
                Condition = 10,
            },
            new(
                "logdet",
                [MatrixArgs.Definite([3, 3])],
                [],
                x => Tensor.LogDet(x[0]),
                x => [Math.Log(Determinant(x[0], 3))]
            ),
            new(
                "slogdet, logarithm",
                [MatrixArgs.Regular([4, 4])],
                [],
                x => Tensor.SlogDet(x[0]).LogAbs,
                x => [Math.Log(Math.Abs(Determinant(x[0], 4)))]
            )
            {
                Condition = 10,
            },
            new(
                "slogdet, sign",
                [MatrixArgs.Regular([2, 4, 4])],
                [2],
                x => Tensor.SlogDet(x[0]).Sign,
                x => Each(2, x, one => [Math.Sign(Determinant(one[0], 4))])
            ),
        ];

    private static OpCase[] LeastSquares =>
        [
            new(
                "lstsq",
                [MatrixArgs.Distinct([4, 2]), Arg.Floats([4])],
                [2],
                x => Tensor.Lstsq(x[0], x[1]),
                x => Solve(Gram(x[0], 4, 2), Product(Transpose(x[0], 4, 2), x[1], 2, 4, 1), 2, 1)
            )
            {
                Condition = 100,
            },
            new(
                "pinv of a tall matrix",
                [MatrixArgs.Distinct([4, 2])],
                [2, 4],
                x => Tensor.Pinv(x[0]),
                x => Solve(Gram(x[0], 4, 2), Transpose(x[0], 4, 2), 2, 4)
            )
            {
                Condition = 100,
            },
            new(
                "pinv of a wide matrix",
                [MatrixArgs.Distinct([2, 2, 3])],
                [2, 3, 2],
                x => Tensor.Pinv(x[0]),
                x => Each(2, x, one => Transpose(Solve(Gram(Transpose(one[0], 2, 3), 3, 2), one[0], 2, 3), 2, 3))
            )
            {
                Condition = 100,
            },
        ];

    private static double[] Unit(double[] a, Func<int, int, bool> keep) =>
        [.. Where(a, 3, keep).Zip(Identity(3), (x, y) => x + y)];
}
