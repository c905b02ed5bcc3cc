using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>The linear model r + J·step of the residuals at an iterate; the objective is ½‖r‖².</summary>
internal readonly struct ResidualModel(Iterate at)
{
    public double[] Gradient => at.Gradient;

    public double[] Residuals => at.Parts[0];

    /// <summary>[m, n].</summary>
    public double[] Jacobian => at.Parts[1];

    /// <summary>Writes the norms of the Jacobian's columns.</summary>
    public void ColumnNorms(double[] norms)
    {
        Array.Clear(norms);
        for (int i = 0; i < Jacobian.Length; i++)
            norms[i % norms.Length] += Jacobian[i] * Jacobian[i];
        for (int i = 0; i < norms.Length; i++)
            norms[i] = Math.Sqrt(norms[i]);
    }

    /// <summary>By how much ½‖r + J·step‖² is less than ½‖r‖².</summary>
    public double Decrease(double[] step)
    {
        double square = 0.0;
        for (int i = 0; i < Residuals.Length; i++)
        {
            double moved = Linear.Vectors.Dot<double>(Jacobian.AsSpan(i * step.Length, step.Length), step);
            square += moved * moved;
        }
        return -Numbers.Dot(Gradient, step) - (0.5 * square);
    }
}
