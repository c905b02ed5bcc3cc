namespace Implicit;

/// <summary>A solver that need not raise an error where it fails: what <c>onFail</c> changes.</summary>
/// <typeparam name="TSelf">The solver's own type.</typeparam>
public interface IFailurePolicy<out TSelf>
{
    /// <summary>The same solver with another policy.</summary>
    /// <param name="policy">What is given for a problem that could not be solved.</param>
    TSelf WithOnFail(OnFail policy);
}
