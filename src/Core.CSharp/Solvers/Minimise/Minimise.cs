using Implicit.Shapes;
using Implicit.Solvers;
using Implicit.Solvers.Minimise;

namespace Implicit;

/// <summary>Minima of functions without constraints.</summary>
public static class Minimise
{
    private const string Title = "minimise";

    /// <summary>
    /// A point where the gradient of f vanishes, reached by going down. It is differentiable with respect to every tensor that f captures, in
    /// both modes and to any order, by the equation ∇f(x) = 0.
    /// </summary>
    /// <typeparam name="T">The variable: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <param name="f">Returns a scalar; twice differentiable.</param>
    /// <param name="x0">Where to begin. The minimiser does not depend on it, but for which of several it is.</param>
    /// <param name="options">How to minimise; L-BFGS if null.</param>
    /// <returns>The minimiser, of the form of x0.</returns>
    /// <exception cref="TensorException">f does not return a scalar of the variable's element type.</exception>
    /// <exception cref="SolveException">
    /// The gradient did not reach its tolerance (the message says why and what to try); or, for an exact derivative, the minimum is not isolated:
    /// the matrix H of second derivatives is singular to working precision or not positive definite. (The pseudoinverse and LSMR give the derivative of
    /// least norm instead.)
    /// </exception>
    /// <remarks>
    /// Methods: see <see cref="MinimiseMethod"/>; derivatives: see <see cref="ImplicitDerivative"/>, with F = −∇f. Steps from the solution are so those
    /// of gradient descent of length 1: <see cref="ImplicitDerivative.OneStep"/> puts I for H⁻¹, and the terms of
    /// <see cref="ImplicitDerivative.Neumann"/> add up to it if no eigenvalue of H is 2 or more (damped by τ: 2/τ); scale f so.
    /// </remarks>
    public static T Argmin<T>(Func<T, Tensor> f, T x0, MinimiseOptions? options = null) =>
        Setup(One(f, x0), options).Solution();

    /// <summary>Minimises now and gives the full account: status, cost, trace. Never throws for numerical failure.</summary>
    /// <typeparam name="T">The variable: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <param name="f">Returns a scalar; differentiable.</param>
    /// <param name="x0">Where to begin.</param>
    /// <param name="options">How to minimise; L-BFGS if null.</param>
    /// <returns>The solution; after a failure the lowest point that was met.</returns>
    /// <exception cref="TensorException">f does not return a scalar, or something is being differentiated through.</exception>
    public static Solution<T> Solve<T>(Func<T, Tensor> f, T x0, MinimiseOptions? options = null) =>
        SolveSetup<T>.Solve(() => Setup(One(f, x0), options), x0, isBatch: false);

    /// <summary>
    /// Minimises for each item of a batch now, all at once, and gives an account of each. An item ends by itself; its minimiser is to the bit
    /// what it is alone, whatever becomes of the others.
    /// </summary>
    /// <typeparam name="TData">What differs from item to item: any tree of tensors.</typeparam>
    /// <typeparam name="T">The variable: a tensor, or any tree of tensors of one element type.</typeparam>
    /// <param name="f">(data, x) → a scalar, for one item; differentiable.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="x0">Where to begin: the items along axis 0 of every tensor.</param>
    /// <param name="options">How to minimise; L-BFGS if null.</param>
    /// <returns>The minimisers along axis 0, and a report for each; after a failure the item's lowest point.</returns>
    /// <exception cref="TensorException">f does not return a scalar, or something is being differentiated through.</exception>
    /// <remarks>The objective and its gradient are computed for all items that still run by one plan; the rest of a step item by item.</remarks>
    public static Solution<T> SolveEach<TData, T>(
        Func<TData, T, Tensor> f,
        TData data,
        T x0,
        MinimiseOptions? options = null
    ) => SolveSetup<T>.Solve(() => Setup(Each(f, data, x0), options), x0, isBatch: true);

    private static TracedProblem<T> One<T>(Func<T, Tensor> f, T x0)
    {
        Throw.IfMissing(f, Title, "f");
        return TracedProblem.One(Title, (vector, x) => Scalar(f(x), vector), x0);
    }

    private static TracedProblem<T> Each<TData, T>(Func<TData, T, Tensor> f, TData data, T x0)
    {
        Throw.IfMissing(f, Title, "f");
        return TracedProblem.Each<TData, T>(Title, (vector, item, x) => Scalar(f(item, x), vector), data, x0);
    }

    private static SolveSetup<T> Setup<T>(TracedProblem<T> traced, MinimiseOptions? options)
    {
        options ??= new();
        return DescentSetup.Of(
            Title,
            traced,
            options,
            inDouble: new(1e-11, 1e-10),
            inSingle: new(1e-5, 1e-5),
            (function, tolerance) => new MinimiseProblem(function, options.Method, tolerance, options.MaxSteps)
        );
    }

    private static Tensor Scalar(Tensor value, Tensor start)
    {
        Throw.IfMissing(value, Title, "the objective");
        Throw.Unless(
            value.Length == 1 && value.DType == start.DType,
            Title,
            $"the objective must be a scalar of the variable's element type, {start.DType.Name}",
            $"{value.Type}"
        );
        return Tensor.Reshape(value, []);
    }
}
