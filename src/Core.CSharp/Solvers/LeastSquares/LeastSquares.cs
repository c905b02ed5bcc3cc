using Implicit.Graph;
using Implicit.Shapes;
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
    /// The gradient did not reach its tolerance (the message says why and what to try); or, for a derivative, the matrix of second derivatives
    /// of ½‖r‖² is singular or not positive definite.
    /// </exception>
    /// <remarks>Methods: see <see cref="LeastSquaresMethod"/>; derivatives: see <see cref="ImplicitDerivative"/>, with F = −Jᵀr.</remarks>
    public static T Fit<T, TResidual>(Func<T, TResidual> residuals, T x0, LeastSquaresOptions? options = null) =>
        Read(residuals, x0, options ?? new()).Solution();

    /// <summary>Minimises now and gives the full account: status, cost, trace. Never throws for numerical failure.</summary>
    /// <typeparam name="T">The variable: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <typeparam name="TResidual">The residuals: any tree of tensors of that element type.</typeparam>
    /// <param name="residuals">What should vanish.</param>
    /// <param name="x0">Where to begin.</param>
    /// <param name="options">How to minimise; Levenberg–Marquardt if null.</param>
    /// <returns>The solution; after a failure with the best point that was met.</returns>
    /// <exception cref="TensorException">The types do not fit, or something is being differentiated through.</exception>
    public static Solution<T> Solve<T, TResidual>(
        Func<T, TResidual> residuals,
        T x0,
        LeastSquaresOptions? options = null
    ) => Read(residuals, x0, options ?? new()).Solve();

    private static DescentSetup<T> Read<T, TResidual>(Func<T, TResidual> residuals, T x0, LeastSquaresOptions options)
    {
        Check(options);
        (Tensor start, Func<Tensor, T> unravel) = Ravelling.Ravel(x0);
        Function function = Function.Trace(
            Title,
            [start.Type],
            all => [Vector(residuals(unravel(all[0])), start)],
            out Tensor[] captures
        );
        TensorType[] types = function.ArgumentTypes;
        Function gradient = Function.TraceClosed(
            Title,
            types,
            all =>
            {
                Tensor r = function.Apply(all)[0];
                return Differentiation.Pull([all[0]], [r], [r]);
            }
        );
        Function jacobian = function.JacobianOfFirst();
        Function linearise = Function.TraceClosed(
            Title,
            types,
            all => [.. function.Apply(all), .. jacobian.Apply(all)]
        );
        // How it is differentiated is not part of how it is solved.
        LeastSquaresOptions solving = options with
        {
            Derivative = new ImplicitDerivative.OneStep(),
        };
        return new(new LeastSquaresProblem(linearise, solving), gradient, options.Derivative, start, captures, unravel);
    }

    private static Tensor Vector(object? residuals, Tensor start)
    {
        Tensor r = Ravelling.Ravel(residuals).Vector;
        Throw.Unless(
            r.DType == start.DType && r.Length > 0,
            Title,
            $"the residuals must be of the variable's element type, {start.DType.Name}",
            $"{r.Type}"
        );
        return r;
    }

    private static void Check(LeastSquaresOptions options)
    {
        Throw.Unless(
            !(options.RelativeTolerance < 0.0) && !(options.AbsoluteTolerance < 0.0),
            Title,
            "the tolerances must not be negative",
            $"{options.RelativeTolerance} and {options.AbsoluteTolerance}"
        );
        Throw.Unless(options.MaxSteps > 0, Title, "the step limit must be positive", $"{options.MaxSteps}");
        if (options.Method is LeastSquaresMethod.LevenbergMarquardt method)
            Throw.Unless(
                method.InitialDamping > 0.0,
                Title,
                "the damping must be positive",
                $"{method.InitialDamping}"
            );
    }
}
