using static Implicit.Tests.Laws.Cases.Dense;

namespace Implicit.Tests.Laws.Cases;

/// <summary>Factorisations, and of those that are determined up to signs what does not depend on the signs.</summary>
internal static class FactorisationCases
{
    public static IEnumerable<OpCase> All => [.. Triangular, .. Symmetric, .. SingularValues];

    private static OpCase[] Triangular =>
        [
            new(
                "cholesky",
                [MatrixArgs.Definite([3, 3])],
                [3, 3],
                x => Tensor.Cholesky(x[0]),
                x => Cholesky(Dense.Symmetric(x[0], 3), 3)
            ),
            new(
                "cholesky of a batch",
                [MatrixArgs.Definite([2, 2, 2])],
                [2, 2, 2],
                x => Tensor.Cholesky(x[0]),
                x => Each(2, x, one => Cholesky(Dense.Symmetric(one[0], 2), 2))
            ),
            new(
                "lu, product",
                [MatrixArgs.Regular([2, 3, 3])],
                [2, 3, 3],
                x =>
                {
                    (Tensor permutation, Tensor l, Tensor u) = Tensor.Lu(x[0]);
                    Tensor rows = Tensor.Expand(Tensor.Unsqueeze(permutation, -1), x[0].Shape);
                    return Tensor.MatMul(l, u) - Tensor.TakeAlongAxis(x[0], rows, 1);
                },
                x => new double[18]
            )
            {
                Condition = 10,
            },
            new("lu, upper", [MatrixArgs.Regular([3, 3])], [3, 3], x => Tensor.Lu(x[0]).U, x => Eliminated(x[0]))
            {
                Condition = 10,
            },
            new(
                "qr, squares of Q",
                [MatrixArgs.Distinct([2, 4, 3])],
                [2, 4, 3],
                x => Tensor.Qr(x[0]).Q * Tensor.Qr(x[0]).Q,
                x => Each(2, x, one => Squares(Orthonormal(one[0], 4, 3)))
            )
            {
                Condition = 100,
            },
            new(
                "qr, squares of R",
                [MatrixArgs.Distinct([3, 3])],
                [3, 3],
                x => Tensor.Qr(x[0]).R * Tensor.Qr(x[0]).R,
                x => Squares(Product(Transpose(Orthonormal(x[0], 3, 3), 3, 3), x[0], 3, 3, 3))
            )
            {
                Condition = 100,
            },
        ];

    private static OpCase[] Symmetric =>
        [
            new(
                "eigh, values",
                [MatrixArgs.Symmetric([2, 3, 3])],
                [2, 3],
                x => Tensor.Eigh(x[0]).Values,
                x => Each(2, x, one => Eigen(Dense.Symmetric(one[0], 3), 3).Values)
            )
            {
                Condition = 10,
            },
            new(
                "eigh, squares of the vectors",
                [MatrixArgs.Symmetric([3, 3])],
                [3, 3],
                x => Tensor.Eigh(x[0]).Vectors * Tensor.Eigh(x[0]).Vectors,
                x => Squares(Eigen(Dense.Symmetric(x[0], 3), 3).Vectors)
            )
            {
                Condition = 10,
            },
            new(
                "eigh, square of the matrix",
                [MatrixArgs.Symmetric([2, 3, 3])],
                [2, 3, 3],
                x =>
                {
                    (Tensor values, Tensor vectors) = Tensor.Eigh(x[0]);
                    Tensor squares = Tensor.Unsqueeze(values * values, -2);
                    return Tensor.MatMul(vectors * squares, vectors.T);
                },
                x => Each(2, x, one => Gram(Dense.Symmetric(one[0], 3), 3, 3))
            )
            {
                Condition = 100,
            },
        ];

    private static OpCase[] SingularValues =>
        [
            new(
                "svd, values",
                [MatrixArgs.Distinct([2, 2, 4])],
                [2, 2],
                x => Tensor.Svd(x[0]).S,
                x => Each(2, x, one => SingularValuesOf(Transpose(one[0], 2, 4), 4, 2))
            )
            {
                Condition = 100,
            },
            new(
                "svd, squares of U",
                [MatrixArgs.Distinct([3, 3])],
                [3, 3],
                x => Tensor.Svd(x[0]).U * Tensor.Svd(x[0]).U,
                x => Squares(Reversed(Eigen(Gram(Transpose(x[0], 3, 3), 3, 3), 3).Vectors, 3))
            )
            {
                Condition = 100,
            },
            CubeOf(4, 3),
            CubeOf(2, 4),
            CubeOf(3, 3),
        ];

    /// <summary>U·s³·Vᵀ = A·Aᵀ·A.</summary>
    private static OpCase CubeOf(int m, int n) =>
        new(
            $"svd, cube of {m} by {n}",
            [MatrixArgs.Distinct([2, m, n])],
            [2, m, n],
            x =>
            {
                (Tensor u, Tensor s, Tensor vt) = Tensor.Svd(x[0]);
                return Tensor.MatMul(u * Tensor.Unsqueeze(s * s * s, -2), vt);
            },
            x => Each(2, x, one => Product(one[0], Gram(one[0], m, n), m, n, n))
        )
        {
            Condition = 1000,
        };

    /// <summary>U of A[permutation, :] = L·U, by elimination with the largest pivot.</summary>
    private static double[] Eliminated(double[] a)
    {
        double[][] rows = [a[..3], a[3..6], a[6..9]];
        for (int k = 0; k < 3; k++)
        {
            int pivot = Enumerable.Range(k, 3 - k).MaxBy(i => Math.Abs(rows[i][k]));
            (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
            for (int i = k + 1; i < 3; i++)
            {
                double factor = rows[i][k] / rows[k][k];
                rows[i] = [.. rows[i].Zip(rows[k], (x, y) => x - (factor * y))];
                rows[i][k] = 0.0;
            }
        }
        return [.. rows.SelectMany(row => row)];
    }

    private static double[] SingularValuesOf(double[] tall, int m, int n) =>
        [.. Eigen(Gram(tall, m, n), n).Values.Reverse().Select(Math.Sqrt)];

    private static double[] Reversed(double[] columns, int n) =>
        [.. columns.Select((_, p) => columns[(p / n * n) + n - 1 - (p % n)])];
}
