using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// An iterative method for F(z) = 0, as two pure functions of tensors, written for one vector z [n]: the library compiles them, runs them,
/// for batches too, judges the residuals, and differentiates. The set is open: derive from it.
/// </summary>
/// <remarks>For a fixed point of f, F(z) = f(z) − z. A method for one problem so is a method for the other.</remarks>
public abstract record EquationMethod
{
    /// <summary>The same method with another damping.</summary>
    /// <param name="damping">Above 0; below 1 steps are shortened.</param>
    /// <exception cref="TensorException">The method has no damping.</exception>
    public virtual EquationMethod Damped(double damping) =>
        Throw.Error<EquationMethod>("damp", "the method must have a damping", GetType().Name);

    /// <summary>Checks the method's own numbers when a problem is stated.</summary>
    /// <param name="solve">Who solves, for the message.</param>
    /// <exception cref="TensorException">A number is out of its range.</exception>
    public virtual void Check(string solve) { }

    /// <summary>What is remembered from step to step beside z, at the start.</summary>
    /// <param name="equation">F, to call or to solve with its derivative.</param>
    /// <param name="z">[n], the start.</param>
    /// <param name="residual">[n], F(z).</param>
    /// <returns>Any number of tensors.</returns>
    public abstract Tensor[] Init(Equation equation, Tensor z, Tensor residual);

    /// <summary>The next iterate. The library evaluates F there.</summary>
    /// <param name="equation">F, to call or to solve with its derivative.</param>
    /// <param name="z">[n], the iterate.</param>
    /// <param name="residual">[n], F(z).</param>
    /// <param name="memory">What was remembered.</param>
    /// <returns>The next iterate [n], and what is remembered: tensors of the same types.</returns>
    public abstract (Tensor Next, Tensor[] Memory) Step(Equation equation, Tensor z, Tensor residual, Tensor[] memory);

    /// <summary>
    /// How linear systems with ∂F/∂z are solved for derivatives, where nothing else is said.
    /// It is also what tells whether ∂F/∂z is singular at the solution (<see cref="SolveReport.IsSingular"/>).
    /// GMRES, begun by the plain iteration u ← u + (∂F/∂z·u − b) as long as that contracts, unless a method has another.
    /// </summary>
    protected internal virtual LinearSolver AdjointSolver => new LinearSolver.Gmres { Richardson = -1.0 };

    /// <summary>The method with other linear solvers in place of those it has.</summary>
    internal virtual EquationMethod WithSolvers(Func<LinearSolver, LinearSolver> change) => this;

    /// <summary>Every so-many-th step is <see cref="StepOfTurn"/>; those before it are <see cref="StepBetween"/>.</summary>
    internal virtual int StepsPerTurn => 1;

    /// <summary>The step that ends a turn.</summary>
    internal virtual (Tensor Next, Tensor[] Memory) StepOfTurn(
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    ) => Step(equation, z, residual, memory);

    /// <summary>A step before the last of a turn, with the same types of memory. A method that is guarded has none.</summary>
    internal virtual (Tensor Next, Tensor[] Memory) StepBetween(
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    ) => Step(equation, z, residual, memory);

    /// <summary>How many of the last tensors of its memory no step reads before steps have replaced them: nothing need be written there.</summary>
    internal virtual int UnreadAtStart => 0;

    /// <summary>Whether the next iterate is z + F(z), of a fixed point its image, and nothing is remembered.</summary>
    internal virtual bool IsPlain => false;

    /// <summary>Whether the method itself takes back an iterate whose residual is too large, not finite or cannot be computed, which then ends nothing.</summary>
    protected internal virtual bool IsGuarded => false;

    /// <summary>The norm of a residual that is rounding of z alone, where what the method remembers tells that; null if it never does.</summary>
    internal virtual Tensor? RoundingOf(Tensor z, Tensor[] memory) => null;
}
