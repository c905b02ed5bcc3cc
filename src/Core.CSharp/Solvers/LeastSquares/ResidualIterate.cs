using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>A point with the residuals and their Jacobian [m, n] there; the objective is ½‖r‖².</summary>
internal sealed class ResidualIterate : Iterate
{
    private ResidualIterate(double[] x, double[] residuals, double[] jacobian, double[] gradient)
        : base(x, 0.5 * Numbers.Dot(residuals, residuals), gradient)
    {
        Residuals = residuals;
        Jacobian = jacobian;
    }

    public double[] Residuals { get; }

    public double[] Jacobian { get; }

    public static ResidualIterate Of(double[] x, double[] residuals, double[] jacobian)
    {
        double[] gradient = new double[x.Length];
        for (int i = 0; i < residuals.Length; i++)
            Linear.Vectors.Add<double>(gradient, residuals[i], jacobian.AsSpan(i * x.Length, x.Length));
        return new(x, residuals, jacobian, gradient);
    }

    /// <summary>The norms of the Jacobian's columns.</summary>
    public double[] ColumnNorms()
    {
        double[] norms = new double[X.Length];
        for (int i = 0; i < Jacobian.Length; i++)
            norms[i % X.Length] += Jacobian[i] * Jacobian[i];
        return Array.ConvertAll(norms, Math.Sqrt);
    }

    /// <summary>By how much ½‖r + J·step‖² is less than ½‖r‖².</summary>
    public double PredictedDecrease(double[] step)
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
