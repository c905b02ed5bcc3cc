using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Solvers.Minimise;
using Implicit.Transforms;

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
    /// The gradient did not reach its tolerance (the message says why and what to try); or, for a derivative, the matrix of second derivatives
    /// is singular or not positive definite.
    /// </exception>
    /// <remarks>Methods: see <see cref="MinimiseMethod"/>; derivatives: see <see cref="ImplicitDerivative"/>, with F = −∇f.</remarks>
    public static T Argmin<T>(Func<T, Tensor> f, T x0, MinimiseOptions? options = null) =>
        Read(f, x0, options ?? new()).Solution();

    /// <summary>Minimises now and gives the full account: status, cost, trace. Never throws for numerical failure.</summary>
    /// <typeparam name="T">The variable: a tensor, or any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <param name="f">Returns a scalar; differentiable.</param>
    /// <param name="x0">Where to begin.</param>
    /// <param name="options">How to minimise; L-BFGS if null.</param>
    /// <returns>The solution; after a failure with the best point that was met.</returns>
    /// <exception cref="TensorException">f does not return a scalar, or something is being differentiated through.</exception>
    public static Solution<T> Solve<T>(Func<T, Tensor> f, T x0, MinimiseOptions? options = null) =>
        Read(f, x0, options ?? new()).Solve();

    private static DescentSetup<T> Read<T>(Func<T, Tensor> f, T x0, MinimiseOptions options)
    {
        Check(options);
        (Tensor start, Func<Tensor, T> unravel) = Ravelling.Ravel(x0);
        Function objective = Function.Trace(
            Title,
            [start.Type],
            all => [Scalar(f(unravel(all[0])), start)],
            out Tensor[] captures
        );
        TensorType[] types = objective.ArgumentTypes;
        Function both = Function.TraceClosed(
            Title,
            types,
            all =>
            {
                Tensor value = objective.Apply(all)[0];
                return [value, .. Differentiation.Pull([all[0]], [value], [Tensor.OnesLike(value)])];
            }
        );
        Function gradient = both.Select([false, true]);
        // How it is differentiated is not part of how it is solved.
        MinimiseOptions solving = options with
        {
            Derivative = new ImplicitDerivative.OneStep(),
        };
        var problem = new MinimiseProblem(both, Directional(gradient), solving);
        return new(problem, gradient, options.Derivative, start, captures, unravel);
    }

    /// <summary>(x, v, captures) → the derivative along v of a function (x, captures).</summary>
    private static Function Directional(Function function)
    {
        Function jvp = function.JvpOfFirst();
        TensorType x = function.Arguments[0].Type;
        return Function.TraceClosed(
            Title,
            [x, x, .. function.ArgumentTypes.AsSpan(1)],
            all => [jvp.Apply([all[0], .. all[2..], all[1]])[1]]
        );
    }

    private static Tensor Scalar(Tensor value, Tensor start)
    {
        Throw.Unless(
            value.Length == 1 && value.DType == start.DType,
            Title,
            $"the objective must be a scalar of the variable's element type, {start.DType.Name}",
            $"{value.Type}"
        );
        return Tensor.Reshape(value, []);
    }

    private static void Check(MinimiseOptions options)
    {
        Throw.Unless(
            !(options.RelativeTolerance < 0.0) && !(options.AbsoluteTolerance < 0.0),
            Title,
            "the tolerances must not be negative",
            $"{options.RelativeTolerance} and {options.AbsoluteTolerance}"
        );
        Throw.Unless(options.MaxSteps > 0, Title, "the step limit must be positive", $"{options.MaxSteps}");
        if (options.Method is MinimiseMethod.Lbfgs lbfgs)
            Throw.Unless(lbfgs.Memory > 0, Title, "the memory must be 1 or more", $"{lbfgs.Memory}");
    }
}
