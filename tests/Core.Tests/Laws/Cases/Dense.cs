namespace Implicit.Tests.Laws.Cases;

/// <summary>Linear algebra by the plainest loops, on row-major elements: what the operations are held against.</summary>
internal static class Dense
{
    public static double[] Product(double[] a, double[] b, int m, int k, int n)
    {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        for (int l = 0; l < k; l++)
            c[(i * n) + j] += a[(i * k) + l] * b[(l * n) + j];
        return c;
    }

    public static double[] Transpose(double[] a, int m, int n)
    {
        double[] t = new double[m * n];
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            t[(j * m) + i] = a[(i * n) + j];
        return t;
    }

    public static double[] Symmetric(double[] a, int n) => [.. a.Zip(Transpose(a, n, n), (x, y) => (x + y) / 2.0)];

    /// <summary>Aᵀ·A of A [m, n].</summary>
    public static double[] Gram(double[] a, int m, int n) => Product(Transpose(a, m, n), a, n, m, n);

    public static double[] Identity(int n) => [.. Enumerable.Range(0, n * n).Select(p => p / n == p % n ? 1.0 : 0.0)];

    /// <summary>The matrix with zeros where a condition on (row, column) does not hold.</summary>
    public static double[] Where(double[] a, int n, Func<int, int, bool> keep) =>
        [.. a.Select((x, p) => keep(p / n, p % n) ? x : 0.0)];

    /// <summary>A⁻¹·B of A [n, n] and B [n, k], by elimination with row exchanges.</summary>
    public static double[] Solve(double[] a, double[] b, int n, int k)
    {
        (double[] left, double[] right) = ((double[])a.Clone(), (double[])b.Clone());
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(i => Math.Abs(left[(i * n) + column]));
            Exchange(left, n, column, pivot);
            Exchange(right, k, column, pivot);
            for (int i = 0; i < n; i++)
            {
                double factor = i == column ? 0.0 : left[(i * n) + column] / left[(column * n) + column];
                Subtract(left, n, i, column, factor);
                Subtract(right, k, i, column, factor);
            }
        }
        return [.. right.Select((x, p) => x / left[(p / k * n) + (p / k)])];
    }

    /// <summary>By expansion along the first row.</summary>
    public static double Determinant(double[] a, int n)
    {
        if (n == 0)
            return 1.0;
        double sum = 0.0;
        for (int column = 0; column < n; column++)
        {
            double[] minor = [.. a.Where((_, p) => p / n > 0 && p % n != column)];
            sum += (column % 2 == 0 ? 1.0 : -1.0) * a[column] * Determinant(minor, n - 1);
        }
        return sum;
    }

    /// <summary>L with L·Lᵀ = A, column by column.</summary>
    public static double[] Cholesky(double[] a, int n)
    {
        double[] l = new double[n * n];
        for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++)
        {
            double rest = a[(i * n) + j];
            for (int k = 0; k < j; k++)
                rest -= l[(i * n) + k] * l[(j * n) + k];
            l[(i * n) + j] = i == j ? Math.Sqrt(rest) : rest / l[(j * n) + j];
        }
        return l;
    }

    /// <summary>Q [m, n] of A = Q·R, by Gram–Schmidt: R has a positive diagonal.</summary>
    public static double[] Orthonormal(double[] a, int m, int n)
    {
        double[] q = (double[])a.Clone();
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < j; k++)
            {
                double along = Enumerable.Range(0, m).Sum(i => q[(i * n) + k] * q[(i * n) + j]);
                for (int i = 0; i < m; i++)
                    q[(i * n) + j] -= along * q[(i * n) + k];
            }
            double norm = Math.Sqrt(Enumerable.Range(0, m).Sum(i => q[(i * n) + j] * q[(i * n) + j]));
            for (int i = 0; i < m; i++)
                q[(i * n) + j] /= norm;
        }
        return q;
    }

    /// <summary>Eigenvalues, ascending, and eigenvectors as columns of a symmetric matrix, by Jacobi's rotations.</summary>
    public static (double[] Values, double[] Vectors) Eigen(double[] symmetric, int n)
    {
        double[] a = (double[])symmetric.Clone();
        double[] v = Identity(n);
        for (int sweep = 0; sweep < 30; sweep++)
        for (int p = 0; p < n; p++)
        for (int q = p + 1; q < n; q++)
        {
            double angle = 0.5 * Math.Atan2(2.0 * a[(p * n) + q], a[(q * n) + q] - a[(p * n) + p]);
            double[] rotation = Identity(n);
            rotation[(p * n) + p] = rotation[(q * n) + q] = Math.Cos(angle);
            rotation[(p * n) + q] = Math.Sin(angle);
            rotation[(q * n) + p] = -Math.Sin(angle);
            a = Product(Transpose(rotation, n, n), Product(a, rotation, n, n, n), n, n, n);
            v = Product(v, rotation, n, n, n);
        }
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => a[(i * n) + i])];
        return (
            [.. order.Select(i => a[(i * n) + i])],
            [.. Enumerable.Range(0, n * n).Select(p => v[(p / n * n) + order[p % n]])]
        );
    }

    public static double[] Squares(double[] a) => Array.ConvertAll(a, x => x * x);

    /// <summary>A function of one item on each item of a batch.</summary>
    public static double[] Each(int items, double[][] inputs, Func<double[][], double[]> one) =>
        [
            .. Enumerable
                .Range(0, items)
                .SelectMany(item =>
                    one(Array.ConvertAll(inputs, x => x[(item * x.Length / items)..((item + 1) * x.Length / items)]))
                ),
        ];

    private static void Exchange(double[] a, int width, int i, int j)
    {
        for (int column = 0; column < width; column++)
            (a[(i * width) + column], a[(j * width) + column]) = (a[(j * width) + column], a[(i * width) + column]);
    }

    private static void Subtract(double[] a, int width, int row, int other, double factor)
    {
        for (int column = 0; column < width; column++)
            a[(row * width) + column] -= factor * a[(other * width) + column];
    }
}
