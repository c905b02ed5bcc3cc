namespace Implicit;

/// <summary>How a convex quadratic program is solved and differentiated.</summary>
public sealed record QpOptions
{
    /// <summary>
    /// The residuals allowed, in the units of the constraints and of the gradient, and the duality gap, in the units of the objective where
    /// that is below 1 and relative to it above.
    /// </summary>
    public double AbsoluteTolerance { get; init; } = 1e-8;

    /// <summary>
    /// Added to it, this times the terms that each residual is the sum of. The default is what rounding leaves; much more than that lets
    /// large multipliers hide errors.
    /// </summary>
    public double RelativeTolerance { get; init; } = 1e-14;

    /// <summary>The most interior-point steps.</summary>
    public int MaxSteps { get; init; } = 100;

    /// <summary>What the derivative is where the solution has none.</summary>
    public Degeneracy Degeneracy { get; init; } = Degeneracy.MinNorm;
}

/// <summary>
/// What the derivative of a solution is where it is not unique: a constraint is weakly active (its slack and its multiplier are both zero, so
/// that the solution has a kink), or the active constraints' gradients, or the curvature left by them, do not have full rank.
/// </summary>
public enum Degeneracy
{
    /// <summary>
    /// A finite one: constraints are counted as active where the multiplier exceeds the slack, and a singular system is solved in the sense of
    /// least squares with the least norm, in the scaled units of the solver. The margin in the solution reports how near degeneracy is.
    /// </summary>
    MinNorm,

    /// <summary>None: a derivative raises <see cref="SolveException"/>, which names the item.</summary>
    Strict,
}
