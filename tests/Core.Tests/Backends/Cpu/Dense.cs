using System.Numerics;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>Row-major matrices of tests, multiplied in float64 by plain loops.</summary>
internal static class Dense
{
    public static T[] Random<T>(int rows, int columns, int seed)
        where T : INumber<T>
    {
        System.Random random = new(seed);
        return [.. Enumerable.Range(0, rows * columns).Select(_ => T.CreateTruncating(2 * random.NextDouble() - 1))];
    }

    /// <summary>B·Bᵀ + I for random B, rounded to T and so symmetric.</summary>
    public static T[] PositiveDefinite<T>(int n, int seed)
        where T : INumber<T>
    {
        double[] b = Random<double>(n, n, seed);
        double[] product = Multiply(b, Transpose(b, n, n), n, n, n);
        for (int i = 0; i < n; i++)
            product[i * n + i] += 1;
        return [.. product.Select(T.CreateTruncating)];
    }

    public static double[] Multiply<T>(T[] a, T[] b, int m, int k, int n)
        where T : INumber<T>
    {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int l = 0; l < k; l++)
            {
                for (int j = 0; j < n; j++)
                    c[i * n + j] += double.CreateTruncating(a[i * k + l]) * double.CreateTruncating(b[l * n + j]);
            }
        }
        return c;
    }

    public static T[] Transpose<T>(T[] a, int rows, int columns)
    {
        T[] result = new T[a.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                result[j * rows + i] = a[i * columns + j];
        }
        return result;
    }

    /// <summary>Columns scaled: A·diag(d).</summary>
    public static T[] ScaleColumns<T>(T[] a, T[] d, int columns)
        where T : INumber<T> => [.. a.Select((value, i) => value * d[i % columns])];

    public static double[] Identity(int n) => [.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? 1.0 : 0.0)];

    /// <summary>The largest difference of elements.</summary>
    public static double Distance<T, S>(T[] a, S[] b)
        where T : INumber<T>
        where S : INumber<S> =>
        a.Zip(b, (x, y) => Math.Abs(double.CreateTruncating(x) - double.CreateTruncating(y))).DefaultIfEmpty().Max();
}
