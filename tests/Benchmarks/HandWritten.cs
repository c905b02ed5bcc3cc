namespace Implicit.Benchmarks;

/// <summary>Dopri5 as one would write it for a few numbers, with a delegate for the vector field.</summary>
internal static class HandWritten
{
    private static readonly double[][] A = Tableau.Dopri5.A;
    private static readonly double[] Error = Tableau.Dopri5.Error!;
    private static readonly double[][] Interpolant = Tableau.Dopri5.Interpolant;

    public static void LotkaVolterra(double[] y, double[] f) =>
        (f[0], f[1]) = ((1.5 * y[0]) - (y[0] * y[1]), (y[0] * y[1]) - (3.0 * y[1]));

    public static void Lorenz(double[] y, double[] f) =>
        (f[0], f[1], f[2]) = (10.0 * (y[1] - y[0]), (y[0] * (28.0 - y[2])) - y[1], (y[0] * y[1]) - (8.0 / 3.0 * y[2]));

    /// <summary>y′ = (y³)A.</summary>
    public static void Spiral(double[] y, double[] f)
    {
        (double a, double b) = (y[0] * y[0] * y[0], y[1] * y[1] * y[1]);
        (f[0], f[1]) = ((-0.1 * a) - (2.0 * b), (2.0 * a) - (0.1 * b));
    }

    /// <summary>Integrates from the first time to the last; gives the state at each of them, one after the other.</summary>
    public static double[] Solve(
        Action<double[], double[]> field,
        double[] start,
        double[] times,
        double rtol,
        double atol
    )
    {
        int n = start.Length;
        double[] y = [.. start];
        double[] stage = new double[n];
        double[] outputs = new double[n * times.Length];
        double[][] k = [.. Enumerable.Range(0, 7).Select(_ => new double[n])];
        double[] weights = new double[7];
        y.CopyTo(outputs, 0);
        field(y, k[0]);
        (double t, double last) = (times[0], times[^1]);
        double h = 0.01;
        int next = 1;
        while (next < times.Length)
        {
            h = Math.Min(h, last - t);
            for (int i = 1; i < 7; i++)
            {
                Combine(A[i], k, y, h, stage);
                field(stage, k[i]);
            }
            double ratio = Ratio(k, y, stage, h, rtol, atol);
            if (ratio <= 1.0)
            {
                double end = h == last - t ? last : t + h;
                for (; next < times.Length && times[next] <= end; next++)
                    if (times[next] == end)
                        stage.CopyTo(outputs, n * next);
                    else
                    {
                        Weigh((times[next] - t) / h, weights);
                        Combine(weights, k, y, h, outputs.AsSpan(n * next, n));
                    }
                t = end;
                (y, stage) = (stage, y);
                (k[0], k[6]) = (k[6], k[0]);
            }
            h *= Math.Clamp(0.9 * Math.Pow(Math.Max(ratio, 1e-10), -0.2), 0.2, 10.0);
        }
        return outputs;
    }

    private static void Combine(double[] weights, double[][] k, double[] y, double h, Span<double> result)
    {
        for (int j = 0; j < y.Length; j++)
        {
            double sum = 0.0;
            for (int i = 0; i < weights.Length; i++)
                sum += weights[i] * k[i][j];
            result[j] = y[j] + (h * sum);
        }
    }

    /// <summary>The weights of dense output at a fraction of a step, polynomials without a constant.</summary>
    private static void Weigh(double theta, double[] weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = 0.0;
            for (int power = Interpolant[i].Length - 1; power >= 0; power--)
                weight = (weight + Interpolant[i][power]) * theta;
            weights[i] = weight;
        }
    }

    private static double Ratio(double[][] k, double[] y, double[] end, double h, double rtol, double atol)
    {
        double total = 0.0;
        for (int j = 0; j < y.Length; j++)
        {
            double error = 0.0;
            for (int i = 0; i < 7; i++)
                error += Error[i] * k[i][j];
            double scaled = h * error / (atol + (rtol * Math.Max(Math.Abs(y[j]), Math.Abs(end[j]))));
            total += scaled * scaled;
        }
        return Math.Sqrt(total / y.Length);
    }
}
