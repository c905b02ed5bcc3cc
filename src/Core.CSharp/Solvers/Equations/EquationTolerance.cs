namespace Implicit.Solvers;

/// <summary>What is allowed for the residual of an equation: absolute·√n + relative·scale.</summary>
/// <param name="Relative">The part relative to the scale.</param>
/// <param name="Absolute">The part in the residual's units, for the root mean square of its elements.</param>
/// <param name="OfFixedPoint">
/// Whether the scale is ‖f(z)‖, rather than the norm of the start's residual (C. T. Kelley, Iterative Methods for Linear and Nonlinear
/// Equations, 1995, section 5.2), but no more than 1 + ‖z‖: a start far away must not pass what is no root.
/// </param>
internal sealed record EquationTolerance(double Relative, double Absolute, bool OfFixedPoint)
{
    /// <summary>The norm that is allowed at z, where the residual is F(z). <see cref="FixedPointMeasure"/> computes the same.</summary>
    public Tensor For(Tensor z, Tensor residual, Tensor firstNorm)
    {
        Tensor scale = OfFixedPoint ? WideNorm.Of(z + residual) : Tensor.Minimum(firstNorm, 1.0 + WideNorm.Of(z));
        return (Absolute * Math.Sqrt(z.Length)) + (Relative * scale);
    }
}
