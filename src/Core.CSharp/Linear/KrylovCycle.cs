namespace Implicit.Linear;

/// <summary>What one run of a method from a residual gave: a correction of x, its cost, and whether the method could not go on.</summary>
internal readonly record struct KrylovCycle(double[] Correction, int Steps, bool BrokeDown);

/// <summary>Sums and products of vectors.</summary>
internal static class Vectors
{
    public static double Dot(double[] a, double[] b)
    {
        double sum = 0.0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    public static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    /// <summary>y ← y + s·x.</summary>
    public static void Add(double[] y, double s, double[] x)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] += s * x[i];
    }

    public static double[] Scaled(double s, double[] x) => Array.ConvertAll(x, element => s * element);
}
