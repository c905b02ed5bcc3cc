using Implicit.Solvers;

namespace Implicit;

/// <summary>Roots F(z) = 0 of as many equations as unknowns, as differentiable functions of all that F captures.</summary>
public static class Root
{
    /// <summary>
    /// A z with F(z) = 0. It is differentiable with respect to every tensor that F captures; the start has a derivative only if the
    /// steps are differentiated (<see cref="ImplicitDerivative.Unrolled"/>).
    /// </summary>
    /// <typeparam name="T">The unknowns: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <param name="f">F; returns the type of the unknowns.</param>
    /// <param name="z0">Where to start.</param>
    /// <param name="options">How to solve; Newton at a tolerance of 1e-10·‖F(z0)‖ (float32: 1e-5) if null.</param>
    /// <returns>z, of the type of the start.</returns>
    /// <exception cref="TensorException">The arguments do not fit together.</exception>
    /// <exception cref="SolveException">The tolerance was not reached; the message says why, where and what to try.</exception>
    /// <remarks>
    /// Methods: see <see cref="EquationMethod"/> and those that derive from it. Derivatives: see <see cref="ImplicitDerivative"/>; all but the
    /// exact one are those of the fixed point of z + F(z).
    /// </remarks>
    public static T Find<T>(Func<T, T> f, T z0, EquationOptions? options = null) => Read(options).One(f, z0).Solution();

    /// <inheritdoc cref="FixedPoint.Solve{T}(Func{T, T}, T, EquationOptions?)"/>
    /// <param name="f">F; returns the type of the unknowns.</param>
    /// <param name="z0">Where to start.</param>
    /// <param name="options">How to solve; Newton at a tolerance of 1e-10·‖F(z0)‖ (float32: 1e-5) if null.</param>
    public static Solution<T> Solve<T>(Func<T, T> f, T z0, EquationOptions? options = null) =>
        SolveSetup<T>.Solve(() => Read(options).One(f, z0), z0, isBatch: options?.PerItem ?? false);

    /// <inheritdoc cref="FixedPoint.SolveEach{TData, T}(Func{TData, T, T}, TData, T, EquationOptions?)"/>
    /// <param name="f">F: (data, z) → the type of z, for one item.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="z0">Where to start: the items along axis 0 of every tensor.</param>
    /// <param name="options">How to solve; Newton at a tolerance of 1e-10·‖F(z0)‖ (float32: 1e-5) if null.</param>
    public static Solution<T> SolveEach<TData, T>(
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => SolveSetup<T>.Solve(() => Read(options).Each(f, data, z0), z0, isBatch: true);

    /// <summary>
    /// The answer of a solver that is not seen through, made differentiable by the equation that it satisfies, F(data, z) = 0: with respect to
    /// the data and whatever the equation captures. The solver may read values and call anything.
    /// </summary>
    /// <inheritdoc cref="FixedPoint.Custom{TData, T}(Func{TData, T, T}, Func{TData, T, T}, TData, T, EquationOptions?)"/>
    public static T Custom<TData, T>(
        Func<TData, T, T> solve,
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => EquationSetups.OfRoot(options, "customRoot").Given(solve, f, data, z0);

    private static EquationSetups Read(EquationOptions? options) => EquationSetups.OfRoot(options, "root");
}
