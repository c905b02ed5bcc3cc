namespace Implicit.Solvers.Minimise;

/// <summary>An objective that was traced.</summary>
/// <param name="valueAndGradient">(x [n], captures) → (f, ∇f [n]).</param>
internal sealed class CompiledObjective(NumericFunction valueAndGradient) : IObjective
{
    private double largest;

    public double Rounding => valueAndGradient.Rounding;

    public Iterate At(double[] x)
    {
        double[][] found = valueAndGradient.Try(x);
        double value = found[0][0];
        if (double.IsFinite(value))
            largest = Math.Max(largest, Math.Abs(value));
        return new(x, value, found[1]);
    }

    /// <summary>A value near zero may be a difference of large terms: the largest value that was met tells how large.</summary>
    public double Noise(double value) => 10.0 * Rounding * largest;
}
