using Implicit.Shapes;
using Implicit.Solvers;
using Implicit.Solvers.LeastSquares;
using Implicit.Solvers.Minimise;
using Implicit.Transforms;

namespace Implicit;

/// <summary>Nonlinear least squares: the x that minimises ½‖r(x)‖².</summary>
public static class LeastSquares
{
    private const string Title = "leastSquares";

    /// <summary>
    /// A point where the gradient Jᵀr of ½‖r‖² vanishes, reached by going down. It is differentiable with respect to every tensor that the residuals
    /// capture, in both modes and to any order.
    /// </summary>
    /// <typeparam name="T">The variable: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <typeparam name="TResidual">The residuals: any tree of tensors of that element type.</typeparam>
    /// <param name="residuals">What should vanish.</param>
    /// <param name="x0">Where to begin.</param>
    /// <param name="options">How to minimise; Levenberg–Marquardt if null.</param>
    /// <returns>The minimiser, of the form of x0.</returns>
    /// <exception cref="TensorException">The residuals are not of the variable's element type.</exception>
    /// <exception cref="SolveException">
    /// The gradient did not reach its tolerance (the message says why and what to try); or, for an exact derivative, the minimum is not isolated:
    /// the matrix of second derivatives of ½‖r‖² is singular to working precision or not positive definite. (The pseudoinverse and LSMR give the
    /// derivative of least norm instead.)
    /// </exception>
    /// <remarks>
    /// Methods: see <see cref="LeastSquaresMethod"/>; derivatives: see <see cref="ImplicitDerivative"/>, with F = −Jᵀr, and
    /// <see cref="Minimise.Argmin{T}"/>.
    /// </remarks>
    public static T Fit<T, TResidual>(Func<T, TResidual> residuals, T x0, LeastSquaresOptions? options = null) =>
        Setup(One(residuals, x0), options).Solution();

    /// <summary>Minimises now and gives the full account: status, cost, trace. Never throws for numerical failure.</summary>
    /// <typeparam name="T">The variable: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <typeparam name="TResidual">The residuals: any tree of tensors of that element type.</typeparam>
    /// <param name="residuals">What should vanish.</param>
    /// <param name="x0">Where to begin.</param>
    /// <param name="options">How to minimise; Levenberg–Marquardt if null.</param>
    /// <returns>The solution; after a failure the lowest point that was met.</returns>
    /// <exception cref="TensorException">The types do not fit, or something is being differentiated through.</exception>
    public static Solution<T> Solve<T, TResidual>(
        Func<T, TResidual> residuals,
        T x0,
        LeastSquaresOptions? options = null
    ) => SolveSetup<T>.Solve(() => Setup(One(residuals, x0), options), x0, isBatch: false);

    /// <summary>
    /// Minimises for each item of a batch now, all at once, and gives an account of each. An item ends by itself; its minimiser is to the bit
    /// what it is alone, whatever becomes of the others.
    /// </summary>
    /// <typeparam name="TData">What differs from item to item: any tree of tensors.</typeparam>
    /// <typeparam name="T">The variable: a tensor, or any tree of tensors of one element type.</typeparam>
    /// <typeparam name="TResidual">The residuals: any tree of tensors of that element type.</typeparam>
    /// <param name="residuals">(data, x) → what should vanish, for one item.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="x0">Where to begin: the items along axis 0 of every tensor.</param>
    /// <param name="options">How to minimise; Levenberg–Marquardt if null.</param>
    /// <returns>The minimisers along axis 0, and a report for each; after a failure the item's lowest point.</returns>
    /// <exception cref="TensorException">The types do not fit, or something is being differentiated through.</exception>
    /// <remarks>Residuals and Jacobian are computed for all items that still run by one plan; the rest of a step item by item.</remarks>
    public static Solution<T> SolveEach<TData, T, TResidual>(
        Func<TData, T, TResidual> residuals,
        TData data,
        T x0,
        LeastSquaresOptions? options = null
    ) => SolveSetup<T>.Solve(() => Setup(Each(residuals, data, x0), options), x0, isBatch: true);

    private static TracedProblem<T> One<T, TResidual>(Func<T, TResidual> residuals, T x0)
    {
        Throw.IfMissing(residuals, Title, "the residuals");
        return TracedProblem.One(Title, (vector, x) => Vector(residuals(x), vector), x0);
    }

    private static TracedProblem<T> Each<TData, T, TResidual>(Func<TData, T, TResidual> residuals, TData data, T x0)
    {
        Throw.IfMissing(residuals, Title, "the residuals");
        return TracedProblem.Each<TData, T>(Title, (vector, item, x) => Vector(residuals(item, x), vector), data, x0);
    }

    private static SolveSetup<T> Setup<T>(TracedProblem<T> traced, LeastSquaresOptions? options)
    {
        options ??= new();
        return DescentSetup.Of(
            Title,
            traced,
            options,
            inDouble: new(1e-10, 1e-12),
            inSingle: new(1e-4, 1e-6),
            (function, tolerance) => new LeastSquaresProblem(function, options.Method, tolerance, options.MaxSteps)
        );
    }

    private static Tensor Vector(object? residuals, Tensor start)
    {
        Tensor r = Ravelling.Ravel(residuals, Title, "the residuals").Vector;
        Throw.Unless(
            r.DType == start.DType,
            Title,
            $"the residuals must be of the variable's element type, {start.DType.Name}",
            $"{r.Type}"
        );
        return r;
    }
}
