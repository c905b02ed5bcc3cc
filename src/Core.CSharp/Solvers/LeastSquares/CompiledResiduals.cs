using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>Residuals that were traced.</summary>
/// <param name="linearise">(x [n], captures) → (r [m], J [m, n]).</param>
internal sealed class CompiledResiduals(NumericFunction linearise) : IObjective
{
    public double Rounding => linearise.Rounding;

    /// <summary>A sum of squares has no cancellation.</summary>
    public double Noise(double value) => 10.0 * Rounding * value;

    public Iterate At(double[] x)
    {
        double[][] found = linearise.Try(x);
        return ResidualIterate.Of(x, found[0], found[1]);
    }
}
