using Implicit.Solvers.Convex.Programs;

namespace Implicit;

/// <summary>Makes convex programs from ordinary functions.</summary>
public static class ConvexProgram
{
    /// <summary>The problem of minimising a function: <c>ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v))</c>.</summary>
    /// <typeparam name="T">The variable: a tensor, or any tree of tensors.</typeparam>
    /// <param name="objective">Returns a scalar, quadratic or linear in the variable. What it captures is data.</param>
    /// <returns>The problem without constraints.</returns>
    public static ConvexProgram<T> Minimise<T>(Func<T, Tensor> objective) => new(objective, []);
}

/// <summary>
/// A convex quadratic or linear program in ordinary functions of its variable. Its data are read off the functions, once for each structure; the
/// solution is differentiable with respect to everything that the functions capture.
/// </summary>
/// <typeparam name="T">The variable: a tensor, or any tree of tensors of one element type.</typeparam>
public sealed class ConvexProgram<T>
{
    internal ConvexProgram(Func<T, Tensor> objective, Func<T, IReadOnlyList<Tensor>>[] constraints) =>
        (Objective, Constraints) = (objective, constraints);

    internal Func<T, Tensor> Objective { get; }

    internal Func<T, IReadOnlyList<Tensor>>[] Constraints { get; }

    /// <summary>Adds constraints: <c>program.SubjectTo(x => [Equal(Sum(x), 1.0), x >= 0.0])</c>.</summary>
    /// <param name="constraints">
    /// Returns comparisons by <c>Equal</c>, <c>&lt;=</c> or <c>>=</c> of what is affine in the variable, each of any shape: all their elements must
    /// hold.
    /// </param>
    /// <returns>The problem with these constraints after those that it has.</returns>
    public ConvexProgram<T> SubjectTo(Func<T, IReadOnlyList<Tensor>> constraints) =>
        new(Objective, [.. Constraints, constraints]);

    /// <summary>
    /// The minimiser: differentiable in both modes and to any order with respect to every tensor that the program captures; under vmap one batch.
    /// A smooth objective of another kind, without constraints, goes to <see cref="Implicit.Minimise"/> with its defaults.
    /// </summary>
    /// <param name="x0">Gives the variable's form; its numbers matter only to <see cref="Implicit.Minimise"/>, which begins there.</param>
    /// <param name="options">How to solve a quadratic program; the defaults if null.</param>
    /// <returns>The minimiser, of the form of x0.</returns>
    /// <exception cref="TensorException">
    /// The program is neither quadratic with affine constraints nor smooth without constraints; the message names what is not.
    /// </exception>
    /// <exception cref="SolveException">There is no minimiser, or it was not found; the message says why and what to try.</exception>
    public T Argmin(T x0, QpOptions? options = null)
    {
        ProgramForm form = ProgramForm.Of(this, x0, out Tensor[] captures);
        if (ProgramReader.IsDescent(form))
            return Implicit.Minimise.Argmin(Objective, x0);
        (QuadraticProgram program, _, _) = ProgramReader.Read(form, captures);
        return ProgramVariable.Of(x0).Unravel(x0, Implicit.Argmin.Qp(program, options));
    }

    /// <summary>
    /// Solves and gives the full account: duals, status, statistics. Never throws for numerical failure. Its tensors are differentiable as that of
    /// <see cref="Argmin"/> is.
    /// </summary>
    /// <param name="x0">Gives the variable's form; its numbers do not matter.</param>
    /// <param name="options">How to solve; the defaults if null.</param>
    /// <returns>The solution.</returns>
    /// <exception cref="TensorException">The program is not quadratic with affine constraints; the message names what is not.</exception>
    public ArgminSolution<T> Solve(T x0, QpOptions? options = null)
    {
        (QuadraticProgram program, Tensor constant, ProgramReading reading) = ProgramReader.Read(this, x0);
        QpSolution solution = Implicit.Argmin.SolveQp(program, options);
        return new ArgminSolution<T>(ProgramVariable.Of(x0).Unravel(x0, solution.X), solution, reading, constant);
    }
}
