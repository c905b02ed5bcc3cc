using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Minimise;

/// <summary>A user's call read into a problem and its data.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Gradient">(x [n], captures) → the gradient of what is minimised.</param>
/// <param name="Derivative">How the minimiser is differentiated.</param>
/// <param name="Start">[n].</param>
/// <param name="Captures">What the user's function captured.</param>
/// <param name="Unravel">From such vectors to the user's tree.</param>
internal sealed record DescentSetup<T>(
    DescentProblem Problem,
    Function Gradient,
    ImplicitDerivative Derivative,
    Tensor Start,
    Tensor[] Captures,
    Func<Tensor, T> Unravel
)
{
    /// <summary>Up to so many unknowns the matrix of second derivatives is factorised; beyond, conjugate gradients multiply with it.</summary>
    private const int MostFactorised = 100;

    /// <summary>
    /// F(x) = 0 at a minimum. Where F is used as a step x + F(x), it goes down; the theorem, to which the sign is all one, takes the gradient
    /// itself, whose derivative is positive definite.
    /// </summary>
    private Function Residual =>
        Derivative is ImplicitDerivative.Exact
            ? Gradient
            : Function.TraceClosed(Problem.Name, Gradient.ArgumentTypes, all => [-Gradient.Apply(all)[0]]);

    private ImplicitDerivative How =>
        Derivative is not ImplicitDerivative.Exact { Solver: null } ? Derivative
        : Start.Length <= MostFactorised ? new ImplicitDerivative.Exact(new LinearSolver.Direct())
        : new ImplicitDerivative.Exact(new LinearSolver.Cg());

    /// <summary>The minimiser as a node; a failure is an error when the value is computed.</summary>
    public T Solution()
    {
        Tensor x = Tensor.Apply(new SolutionOp(Problem, Residual, How), [Start, .. Captures]);
        if (How is ImplicitDerivative.Exact { Solver: LinearSolver.Direct })
            x = Tensor.Apply(new IsolatedOp(Problem.Name, Gradient), [x, .. Captures]);
        // Nothing is gained by waiting, and a failure then shows at the call that caused it.
        if (!x.IsTraced)
            Reading.Force(x);
        return Unravel(x);
    }

    /// <summary>Solves now and gives the full account.</summary>
    public Solution<T> Solve()
    {
        Tensor[] all = [Start, .. Captures];
        Throw.Unless(
            !Array.Exists(all, tensor => tensor.IsTraced),
            $"{Problem.Name}.solve",
            $"status and residual are known only when the numbers are; inside a transform use {Problem.Name}",
            "a traced start or capture"
        );
        Reading.Force(all);
        (double[] x, SolveReport report) = Problem.Solve(
            Start.Value!,
            Array.ConvertAll(Captures, capture => capture.Value!)
        );
        return new Solution<T>(Unravel(Tensor.Cast(Tensor.Of(x), Start.DType)), [report]);
    }
}
