using Implicit.Shapes;

namespace Implicit;

/// <summary>Makes convex programs from ordinary functions.</summary>
public static class ConvexProgram
{
    /// <summary>The problem of minimising a function: <c>ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v))</c>.</summary>
    /// <typeparam name="T">The variable: a tensor, or any tree of tensors.</typeparam>
    /// <param name="objective">
    /// Returns a scalar: quadratic or linear in the variable, or smooth if there are no constraints. What it captures is data.
    /// </param>
    /// <returns>The problem without constraints.</returns>
    public static ConvexProgram<T> Minimise<T>(Func<T, Tensor> objective) => new(objective, []);
}

/// <summary>
/// An optimisation problem in ordinary functions of its variable: a convex quadratic or linear program, whose data are read off the functions, once
/// for each structure, or a smooth function without constraints. The solution is differentiable with respect to everything that they capture.
/// </summary>
/// <typeparam name="T">The variable: a tensor, or any tree of tensors of one element type.</typeparam>
public sealed class ConvexProgram<T>
{
    internal ConvexProgram(Func<T, Tensor> objective, IReadOnlyList<Func<T, IReadOnlyList<Tensor>>> constraints) =>
        (Objective, Constraints) = (objective, constraints);

    /// <summary>What is minimised: a scalar.</summary>
    public Func<T, Tensor> Objective { get; }

    /// <summary>What must hold: functions to lists of comparisons, in the order in which they were added.</summary>
    public IReadOnlyList<Func<T, IReadOnlyList<Tensor>>> Constraints { get; }

    /// <summary>Adds constraints: <c>program.SubjectTo(x => [Equal(Sum(x), 1.0), x >= 0.0])</c>.</summary>
    /// <param name="constraints">
    /// Returns comparisons by <c>Equal</c>, <c>&lt;=</c> or <c>>=</c> of what is affine in the variable, each of any shape: all their elements must
    /// hold.
    /// </param>
    /// <returns>The problem with these constraints after those that it has.</returns>
    public ConvexProgram<T> SubjectTo(Func<T, IReadOnlyList<Tensor>> constraints)
    {
        Throw.IfMissing(constraints, "subjectTo", "constraints");
        return new(Objective, [.. Constraints, constraints]);
    }

    /// <summary>
    /// The minimiser: differentiable in both modes and to any order with respect to every tensor that the program captures; under vmap one batch.
    /// </summary>
    /// <param name="x0">Gives the variable's form; where methods that need a start begin.</param>
    /// <param name="solver">
    /// How to solve: <see cref="QpOptions"/>, the default, for quadratic programs, which hands a smooth objective of another kind, without
    /// constraints, to <see cref="MinimiseOptions"/>.
    /// </param>
    /// <returns>The minimiser, of the form of x0.</returns>
    /// <exception cref="TensorException">The problem is not of the kind that is solved; the message names what is not.</exception>
    /// <exception cref="SolveException">There is no minimiser, or it was not found; the message says why and what to try.</exception>
    public T Argmin(T x0, IArgminSolver? solver = null) => (solver ?? new QpOptions()).Argmin(this, x0);

    /// <summary>
    /// Solves and gives the full account: duals, status, statistics. Never throws for numerical failure. The tensors of a quadratic program are
    /// differentiable as that of <see cref="Argmin"/> is.
    /// </summary>
    /// <param name="x0">Gives the variable's form; where methods that need a start begin.</param>
    /// <param name="solver">How to solve, as for <see cref="Argmin"/>.</param>
    /// <returns>The solution.</returns>
    /// <exception cref="TensorException">The problem is not of the kind that is solved; the message names what is not.</exception>
    public ArgminSolution<T> Solve(T x0, IArgminSolver? solver = null) => (solver ?? new QpOptions()).Solve(this, x0);
}
