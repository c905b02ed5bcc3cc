using Implicit.Linear;
using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// How the solution z of an equation F(z, θ) = 0 is differentiated, separate from how it is found. A closed set of policies.
/// </summary>
/// <remarks>
/// Written with f(z, θ) = z + F(z, θ), whose fixed point z is, and J = ∂f/∂z there: the derivative of z is (I − J)⁻¹ ∂f/∂θ. The policies
/// differ in what they put for the inverse.
/// </remarks>
public abstract record ImplicitDerivative
{
    private protected ImplicitDerivative() { }

    /// <summary>Checks the policy's own numbers.</summary>
    internal virtual void Check(string solve) { }

    /// <summary>The same policy, whose solver is without the tensors that it is made of.</summary>
    internal virtual ImplicitDerivative Closed(SolverCaptures captures) => this;

    /// <summary>
    /// By the implicit function theorem: (I − J)⁻¹ by a linear solve, in both modes and to every order. A linear solve that fails is an
    /// error. The default.
    /// </summary>
    /// <param name="Solver">
    /// How the linear system is solved. If null, by what suits the method: where it multiplies with ∂F/∂z alone by GMRES, begun by the plain iteration
    /// u ← J·u + b as long as that contracts (<see cref="LinearSolver.Gmres.Richardson"/>), <see cref="Newton"/>'s as it solves its steps, a minimiser's by a factor of the Hessian (conjugate gradients beyond 100 unknowns).
    /// </param>
    public sealed record Exact(LinearSolver? Solver = null) : ImplicitDerivative
    {
        internal override ImplicitDerivative Closed(SolverCaptures captures) =>
            Solver is null ? this : new Exact(captures.Take(Solver));
    }

    /// <summary>
    /// I in place of the inverse: the derivative of one step from the solution. "Jacobian-free backpropagation": S. Fung et al., AAAI 2022,
    /// equation 9.
    /// </summary>
    public sealed record OneStep : ImplicitDerivative;

    /// <summary>
    /// The derivative through k steps z ← (1 − τ)z + τ·f(z) from the solution. "Phantom gradients": Z. Geng et al., NeurIPS 2021, section 3.2.
    /// A last step that changes it by more than the first is an error: the steps diverge.
    /// </summary>
    /// <param name="Steps">k, 1 or more.</param>
    /// <param name="Damping">τ, above 0, at most 1.</param>
    public sealed record Phantom(int Steps, double Damping) : ImplicitDerivative
    {
        internal override void Check(string solve) =>
            Throw.Unless(
                Steps >= 1 && Damping is > 0.0 and <= 1.0,
                solve,
                "phantom gradients need 1 or more steps and a damping above 0, at most 1",
                $"{Steps} steps, damping {Damping}"
            );
    }

    /// <summary>
    /// The series I + J + … + Jᵏ in place of the inverse, to which it converges where J is a contraction: J. Lorraine et al., AISTATS 2020,
    /// equation 8. A last term that is larger than the first one is an error: the series diverges.
    /// </summary>
    /// <param name="Terms">k, 0 or more; 0 is <see cref="OneStep"/>.</param>
    public sealed record Neumann(int Terms) : ImplicitDerivative
    {
        internal override void Check(string solve) =>
            Throw.Unless(Terms >= 0, solve, "the number of Neumann terms must not be negative", $"{Terms}");
    }

    /// <summary>
    /// Through every step that the solver took, its iterates and history included: memory and time grow with their number, and the start has a
    /// derivative too. For equations: the steps of a descent are searched for by comparing numbers, not made of operations that have derivatives, and those
    /// of a solver of the caller's are not seen.
    /// </summary>
    public sealed record Unrolled : ImplicitDerivative;
}
