namespace Implicit;

/// <summary>A solver whose solution can be differentiated in several ways: what <c>via</c> changes.</summary>
/// <typeparam name="THow">The ways, such as <see cref="ImplicitDerivative"/>.</typeparam>
/// <typeparam name="TSelf">The solver's own type.</typeparam>
public interface IVia<in THow, out TSelf>
{
    /// <summary>The same solver, differentiated in a given way.</summary>
    /// <param name="how">The way.</param>
    TSelf Via(THow how);
}
