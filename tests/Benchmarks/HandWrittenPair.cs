namespace Implicit.Benchmarks;

/// <summary>
/// Dopri5 on Lotka–Volterra as one would write it for two numbers and their end, with a delegate for the vector field: 4 % faster than
/// <see cref="HandWritten"/>, which is for any number of them and for trajectories.
/// </summary>
internal static class HandWrittenPair
{
    private static readonly double[][] A = Tableau.Dopri5.A;
    private static readonly double[] Error = Tableau.Dopri5.Error!;

    /// <summary>Integrates from (1, 1) over [0, 10]; gives the end.</summary>
    public static (double Prey, double Predators) LotkaVolterra(double rtol, double atol) =>
        Solve(HandWritten.LotkaVolterra, rtol, atol);

    private static (double, double) Solve(Action<double[], double[]> field, double rtol, double atol)
    {
        double[] y = [1.0, 1.0];
        double[] stage = new double[2];
        double[][] k = [.. Enumerable.Range(0, 7).Select(_ => new double[2])];
        field(y, k[0]);
        double t = 0.0;
        double h = 0.01;
        while (t < 10.0)
        {
            h = Math.Min(h, 10.0 - t);
            for (int i = 1; i < 7; i++)
            {
                Combine(A[i], k, y, h, stage);
                field(stage, k[i]);
            }
            double ratio = Ratio(k, y, stage, h, rtol, atol);
            if (ratio <= 1.0)
            {
                t += h;
                (y, stage) = (stage, y);
                (k[0], k[6]) = (k[6], k[0]);
            }
            h *= Math.Clamp(0.9 * Math.Pow(Math.Max(ratio, 1e-10), -0.2), 0.2, 10.0);
        }
        return (y[0], y[1]);
    }

    private static void Combine(double[] weights, double[][] k, double[] y, double h, double[] result)
    {
        for (int j = 0; j < 2; j++)
        {
            double sum = 0.0;
            for (int i = 0; i < weights.Length; i++)
                sum += weights[i] * k[i][j];
            result[j] = y[j] + (h * sum);
        }
    }

    private static double Ratio(double[][] k, double[] y, double[] end, double h, double rtol, double atol)
    {
        double total = 0.0;
        for (int j = 0; j < 2; j++)
        {
            double error = 0.0;
            for (int i = 0; i < 7; i++)
                error += Error[i] * k[i][j];
            double scaled = h * error / (atol + (rtol * Math.Max(Math.Abs(y[j]), Math.Abs(end[j]))));
            total += scaled * scaled;
        }
        return Math.Sqrt(total / 2.0);
    }
}
