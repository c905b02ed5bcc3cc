using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// How a sum of squares is minimised, and the minimiser differentiated by the equation Jᵀr = 0. The tolerances are for the part of the residuals that
/// a change of one unknown could still take off, largest |Jⱼᵀr|/‖Jⱼ‖: the relative one beside ‖r‖, 1e-10 in float64 and 1e-4 in float32 if null; the
/// absolute one 1e-12 and 1e-6.
/// </summary>
public sealed record LeastSquaresOptions : IterativeOptions<LeastSquaresOptions>
{
    /// <summary>Levenberg–Marquardt within 200 steps.</summary>
    public LeastSquaresOptions()
    {
        MaxSteps = 200;
    }

    /// <summary>The method.</summary>
    public LeastSquaresMethod Method { get; init; } = new LeastSquaresMethod.LevenbergMarquardt();

    internal override void Check(string solve)
    {
        base.Check(solve);
        Throw.IfMissing(Method, solve, "the method");
        Method.Check(solve);
    }
}
