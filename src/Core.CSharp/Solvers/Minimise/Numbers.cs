using Implicit.Linear;

namespace Implicit.Solvers.Minimise;

/// <summary>Arithmetic of vectors of doubles.</summary>
internal static class Numbers
{
    /// <summary>The distance from 1 to the next number.</summary>
    public const double Epsilon = 2.220446049250313e-16;

    public static double Dot(double[] a, double[] b) => Vectors.Dot<double>(a, b);

    public static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    /// <summary>a + s·b.</summary>
    public static double[] Sum(double[] a, double s, double[] b)
    {
        double[] sum = [.. a];
        Vectors.Add<double>(sum, s, b);
        return sum;
    }

    public static double[] Scaled(double s, double[] a)
    {
        double[] scaled = new double[a.Length];
        Vectors.Scale<double>(scaled, s, a);
        return scaled;
    }

    public static double[] Difference(double[] a, double[] b) => Sum(a, -1.0, b);
}
