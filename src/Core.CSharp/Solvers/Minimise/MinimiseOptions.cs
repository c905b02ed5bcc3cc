namespace Implicit;

/// <summary>How a function is minimised, and the minimiser differentiated.</summary>
public sealed record MinimiseOptions
{
    /// <summary>The method.</summary>
    public MinimiseMethod Method { get; init; } = new MinimiseMethod.Lbfgs();

    /// <summary>
    /// The largest element of the gradient allowed, relative to that at the start, or to 1 + |f| if that is less; 1e-11 in float64 and 1e-5 in
    /// float32 if null. (C. T. Kelley, Iterative Methods for Optimization, 1999, section 2.3.)
    /// </summary>
    public double? RelativeTolerance { get; init; }

    /// <summary>The largest element of the gradient allowed, in its units; 1e-10 in float64 and 1e-5 in float32 if null.</summary>
    public double? AbsoluteTolerance { get; init; }

    /// <summary>The most steps.</summary>
    public int MaxSteps { get; init; } = 1000;

    /// <summary>How the minimiser is differentiated, by the equation ∇f(x) = 0.</summary>
    public ImplicitDerivative Derivative { get; init; } = new ImplicitDerivative.Exact();
}
