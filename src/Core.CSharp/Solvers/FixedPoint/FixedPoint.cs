using Implicit.Solvers;

namespace Implicit;

/// <summary>Fixed points z = f(z), as differentiable functions of all that f captures.</summary>
public static class FixedPoint
{
    /// <summary>
    /// The z with z = f(z). It is differentiable with respect to every tensor that f captures; the start has a derivative only if the
    /// steps are differentiated (<see cref="ImplicitDerivative.Unrolled"/>).
    /// </summary>
    /// <typeparam name="T">The state: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <param name="f">Returns the type of the state.</param>
    /// <param name="z0">Where to start.</param>
    /// <param name="options">How to solve; Anderson(5) at a relative tolerance of 1e-10 (float32: 1e-5) if null.</param>
    /// <returns>z, of the type of the start.</returns>
    /// <exception cref="TensorException">The arguments do not fit together.</exception>
    /// <exception cref="SolveException">The tolerance was not reached; the message says why, where and what to try.</exception>
    /// <remarks>Methods: see <see cref="EquationMethod"/> and those that derive from it. Derivatives: see <see cref="ImplicitDerivative"/>.</remarks>
    public static T Find<T>(Func<T, T> f, T z0, EquationOptions? options = null) => Read(options).One(f, z0).Solution();

    /// <summary>Solves now and gives the full account: status, steps, residuals. Never throws for numerical failure.</summary>
    /// <typeparam name="T">The state: a tensor, or any tree of tensors of one element type.</typeparam>
    /// <param name="f">Returns the type of the state.</param>
    /// <param name="z0">Where to start.</param>
    /// <param name="options">How to solve; Anderson(5) at a relative tolerance of 1e-10 (float32: 1e-5) if null.</param>
    /// <returns>The solution; after a failure the best iterate.</returns>
    /// <exception cref="TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    public static Solution<T> Solve<T>(Func<T, T> f, T z0, EquationOptions? options = null) =>
        SolveSetup<T>.Solve(() => Read(options).One(f, z0), z0, isBatch: options?.PerItem ?? false);

    /// <summary>
    /// Solves a batch of problems now, all at once, and gives an account of each. An item ends by itself; its solution is to the bit what it is
    /// alone, whatever becomes of the others.
    /// </summary>
    /// <typeparam name="TData">What differs from item to item: any tree of tensors.</typeparam>
    /// <typeparam name="T">The state: a tensor, or any tree of tensors of one element type.</typeparam>
    /// <param name="f">(data, z) → the type of z, for one item.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="z0">Where to start: the items along axis 0 of every tensor.</param>
    /// <param name="options">How to solve; Anderson(5) at a relative tolerance of 1e-10 (float32: 1e-5) if null.</param>
    /// <returns>The solutions along axis 0, and a report for each; after a failure the item's best iterate.</returns>
    /// <exception cref="TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    public static Solution<T> SolveEach<TData, T>(
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => SolveSetup<T>.Solve(() => Read(options).Each(f, data, z0), z0, isBatch: true);

    /// <summary>
    /// The answer of a solver that is not seen through, made differentiable by the equation that it satisfies, z = f(data, z): with respect to
    /// the data and whatever the equation captures. The solver may read values and call anything.
    /// </summary>
    /// <typeparam name="TData">What the solver is given: any tree of tensors.</typeparam>
    /// <typeparam name="T">The unknowns: a tensor, or any tree of tensors of one element type.</typeparam>
    /// <param name="solve">(data, start) → z. It is called with values, never while tracing; tensors that it captures are constants.</param>
    /// <param name="f">(data, z) → the type of z, in differentiable operations.</param>
    /// <param name="data">The data.</param>
    /// <param name="z0">Where to start: it gives the types of z.</param>
    /// <param name="options">
    /// The derivative, and the tolerance within which the answer must satisfy the equation, 1e-6 (float32: 1e-3) if they name none.
    /// </param>
    /// <returns>z.</returns>
    /// <exception cref="TensorException">The arguments do not fit together.</exception>
    /// <exception cref="SolveException">The answer does not satisfy the equation.</exception>
    public static T Custom<TData, T>(
        Func<TData, T, T> solve,
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => EquationSetups.OfFixedPoint(options, "customFixedPoint").Given(solve, f, data, z0);

    private static EquationSetups Read(EquationOptions? options) => EquationSetups.OfFixedPoint(options, "fixedPoint");
}
