namespace Implicit;

/// <summary>A solver with a relative and an absolute tolerance: what <c>rtol</c>, <c>atol</c> and <c>tol</c> change.</summary>
/// <typeparam name="TSelf">The solver's own type.</typeparam>
public interface ITolerances<out TSelf>
{
    /// <summary>The same solver with another relative tolerance.</summary>
    /// <param name="relative">The error, or the residual, allowed relative to what the solver measures by.</param>
    TSelf WithRelativeTolerance(double relative);

    /// <summary>The same solver with another absolute tolerance.</summary>
    /// <param name="absolute">The error, or the residual, allowed in its own units.</param>
    TSelf WithAbsoluteTolerance(double absolute);
}
