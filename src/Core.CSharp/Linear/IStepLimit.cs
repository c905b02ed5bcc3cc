namespace Implicit;

/// <summary>A solver with a limit on the number of its steps: what <c>maxSteps</c> changes.</summary>
/// <typeparam name="TSelf">The solver's own type.</typeparam>
public interface IStepLimit<out TSelf>
{
    /// <summary>The same solver with another limit.</summary>
    /// <param name="count">The most steps.</param>
    TSelf WithMaxSteps(int count);
}
