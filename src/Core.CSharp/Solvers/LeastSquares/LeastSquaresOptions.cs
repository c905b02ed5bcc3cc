namespace Implicit;

/// <summary>How a sum of squares is minimised, and the minimiser differentiated.</summary>
public sealed record LeastSquaresOptions
{
    /// <summary>The method.</summary>
    public LeastSquaresMethod Method { get; init; } = new LeastSquaresMethod.LevenbergMarquardt();

    /// <summary>
    /// The part of the residuals that a change of one unknown could still take off, largest |Jⱼᵀr|/‖Jⱼ‖, allowed relative to ‖r‖; 1e-10 in float64
    /// and 1e-4 in float32 if null.
    /// </summary>
    public double? RelativeTolerance { get; init; }

    /// <summary>The same allowed in the units of the residuals; 1e-12 in float64 and 1e-6 in float32 if null.</summary>
    public double? AbsoluteTolerance { get; init; }

    /// <summary>The most steps.</summary>
    public int MaxSteps { get; init; } = 200;

    /// <summary>How the minimiser is differentiated, by the equation Jᵀr = 0.</summary>
    public ImplicitDerivative Derivative { get; init; } = new ImplicitDerivative.Exact();
}
