using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// How a fixed point or a root is found and differentiated. The tolerances are for the residual: the relative one beside ‖f(z)‖₂ for a fixed point
/// and beside ‖F(z₀)‖₂ for a root, 1e-10 in float64 and 1e-5 in float32 if null; the absolute one as a root mean square over its elements, 1e-12
/// and 1e-7.
/// </summary>
/// <remarks>
/// The absolute tolerance is in the units of F: F of the size of 1e-12 everywhere passes for solved at its start. State the equation in units in which F is
/// near 1 some way from the root, or set the absolute tolerance to 0 (then a start at the root must have F = 0 to the bit).
/// </remarks>
public sealed record EquationOptions : IterativeOptions<EquationOptions>
{
    /// <summary>The method; <see cref="Anderson"/> for fixed points and <see cref="Newton"/> for roots if null.</summary>
    public EquationMethod? Method { get; init; }

    /// <summary>
    /// Whether axis 0 of the state's tensors holds separate problems, which the function states all at once: row i of what it returns depends on
    /// row i alone, as in <c>z => Tanh(MatMul(z, w) + x)</c>. Each item then is judged, accelerated and ended by itself, as by
    /// <see cref="FixedPoint.SolveEach"/> or vmap; without it they are one problem with one residual. Rows that meet are an error.
    /// </summary>
    public bool PerItem { get; init; }

    /// <summary>
    /// A tensor [4] of the state's element type, zeros, or null. It changes nothing, but the gradient with respect to it is the account of the
    /// adjoint solve (<see cref="LinearReport.Read"/>), which then does not throw when it fails. One for each solve; under vmap, for each item; if the items are separate, one tensor [items, 4].
    /// Only with <see cref="ImplicitDerivative.Exact"/> by a Krylov method.
    /// </summary>
    public Tensor? Certificate { get; init; }

    /// <summary>The same with a certificate.</summary>
    /// <param name="certificate">See <see cref="Certificate"/>.</param>
    public EquationOptions Certified(Tensor certificate) => this with { Certificate = certificate };

    /// <summary>The same for separate items.</summary>
    public EquationOptions Separately() => this with { PerItem = true };

    /// <summary>The same with another damping of the method.</summary>
    /// <param name="damping">Above 0; below 1 steps are shortened.</param>
    /// <exception cref="TensorException">The method has no damping, or none is named.</exception>
    public EquationOptions Damped(double damping) =>
        this with
        {
            Method = (Method ?? Throw.Error<EquationMethod>("damp", "the options must name the method", "none")).Damped(
                damping
            ),
        };
}
