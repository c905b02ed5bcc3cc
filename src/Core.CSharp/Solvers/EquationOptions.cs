namespace Implicit;

/// <summary>How a fixed point or a root is found and differentiated.</summary>
public sealed record EquationOptions
{
    /// <summary>The method; <see cref="Anderson"/> for fixed points and <see cref="Newton"/> for roots if null.</summary>
    public EquationMethod? Method { get; init; }

    /// <summary>
    /// The residual allowed, relative to ‖f(z)‖₂ for a fixed point and to ‖F(z₀)‖₂ for a root; 1e-10 in float64 and 1e-5 in float32 if null.
    /// </summary>
    public double? RelativeTolerance { get; init; }

    /// <summary>
    /// The residual allowed beside that, in its own units, as a root mean square over its elements; 1e-12 in float64 and 1e-7 in float32 if null.
    /// </summary>
    public double? AbsoluteTolerance { get; init; }

    /// <summary>The most steps.</summary>
    public int MaxSteps { get; init; } = 1000;

    /// <summary>How the solution is differentiated.</summary>
    public ImplicitDerivative Derivative { get; init; } = new ImplicitDerivative.Exact();

    /// <summary>
    /// A tensor [4] of the state's element type, zeros, or null. It changes nothing, but the gradient with respect to it is the account of the
    /// adjoint solve (<see cref="LinearReport.Read"/>), which then does not throw when it fails. One for each solve; under vmap, for each item.
    /// Only with <see cref="ImplicitDerivative.Exact"/> by a Krylov method.
    /// </summary>
    public Tensor? Certificate { get; init; }
}
