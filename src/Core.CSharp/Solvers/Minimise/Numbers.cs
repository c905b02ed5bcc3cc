using Implicit.Linear;

namespace Implicit.Solvers.Minimise;

/// <summary>Arithmetic of vectors of doubles, in place.</summary>
internal static class Numbers
{
    public static double Dot(double[] a, double[] b) => Vectors.Dot<double>(a, b);

    public static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    /// <summary>y ← y + s·a.</summary>
    public static void Add(double[] y, double s, double[] a) => Vectors.Add<double>(y, s, a);

    /// <summary>y ← a + s·b; y is not b.</summary>
    public static void Sum(double[] y, double[] a, double s, double[] b)
    {
        a.CopyTo(y, 0);
        Add(y, s, b);
    }

    /// <summary>y ← s·a; y may be a.</summary>
    public static void Scale(double[] y, double s, double[] a) => Vectors.Scale<double>(y, s, a);
}
