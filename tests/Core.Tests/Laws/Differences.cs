namespace Implicit.Tests.Laws;

/// <summary>Derivatives from values, by the central difference of fourth order on five points.</summary>
internal static class Differences
{
    /// <summary>Balances the truncation error f⁽⁵⁾h⁴/30 against the rounding error ε·f/h.</summary>
    private const double Step = 1e-3;

    /// <summary>d/ds f(x + s·v) at s = 0, for each element of the result.</summary>
    public static double[] Along(Func<double[][], double[]> f, double[][] x, double[][] v)
    {
        double[] near = Subtract(f(Moved(x, v, Step)), f(Moved(x, v, -Step)));
        double[] far = Subtract(f(Moved(x, v, 2 * Step)), f(Moved(x, v, -2 * Step)));
        return [.. near.Select((d, i) => ((8.0 * d) - far[i]) / (12.0 * Step))];
    }

    /// <summary>∂f/∂x for a scalar-valued f, for each array of x.</summary>
    public static double[][] Gradient(Func<double[][], double> f, double[][] x)
    {
        double[][] gradient = Zeros(x);
        for (int i = 0; i < x.Length; i++)
        for (int j = 0; j < x[i].Length; j++)
        {
            double[][] unit = Zeros(x);
            unit[i][j] = 1.0;
            gradient[i][j] = Along(y => [f(y)], x, unit)[0];
        }
        return gradient;
    }

    private static double[][] Zeros(double[][] like) => Array.ConvertAll(like, one => new double[one.Length]);

    private static double[][] Moved(double[][] x, double[][] v, double by) =>
        [.. x.Select((one, i) => one.Select((element, j) => element + (by * v[i][j])).ToArray())];

    private static double[] Subtract(double[] a, double[] b) => [.. a.Select((x, i) => x - b[i])];
}
