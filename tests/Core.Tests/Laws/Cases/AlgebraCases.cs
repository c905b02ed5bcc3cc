namespace Implicit.Tests.Laws.Cases;

internal static class AlgebraCases
{
    public static IEnumerable<OpCase> All =>
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
        ];

    private static double[] Product(double[] a, double[] b, int m, int k, int n)
    {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        for (int l = 0; l < k; l++)
            c[(i * n) + j] += a[(i * k) + l] * b[(l * n) + j];
        return c;
    }
}
