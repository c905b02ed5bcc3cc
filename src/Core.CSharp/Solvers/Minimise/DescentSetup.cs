using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Minimise;

/// <summary>Descents as solves that are differentiated by the equation ∇f(x) = 0.</summary>
internal static class DescentSetup
{
    /// <summary>Up to so many unknowns the matrix of second derivatives is factorised; beyond, conjugate gradients multiply with it.</summary>
    private const int MostFactorised = 100;

    /// <summary>A solve as the options ask for it.</summary>
    /// <param name="title">Who solves, for messages.</param>
    /// <param name="traced">The data.</param>
    /// <param name="options">How to minimise.</param>
    /// <param name="inDouble">What is allowed in float64 where the options name nothing.</param>
    /// <param name="inSingle">The same in float32.</param>
    /// <param name="problem">The problem, of the traced function and what is allowed.</param>
    public static SolveSetup<T> Of<T, TOptions>(
        string title,
        TracedProblem<T> traced,
        IterativeOptions<TOptions> options,
        DescentTolerance inDouble,
        DescentTolerance inSingle,
        Func<Function, DescentTolerance, DescentProblem> problem
    )
        where TOptions : IterativeOptions<TOptions>
    {
        options.Check(title);
        DescentTolerance usual = traced.Start.DType == DType.Float32 ? inSingle : inDouble;
        var tolerance = new DescentTolerance(
            options.RelativeTolerance ?? usual.Relative,
            options.AbsoluteTolerance ?? usual.Absolute
        );
        (traced, ImplicitDerivative derivative) = traced.With(options.Derivative);
        return Of(problem(traced.Function, tolerance), derivative, traced) with { OnFail = options.OnFail };
    }

    /// <summary>A solve.</summary>
    /// <param name="problem">How to go down.</param>
    /// <param name="derivative">How the minimiser is differentiated.</param>
    /// <param name="traced">The data.</param>
    private static SolveSetup<T> Of<T>(DescentProblem problem, ImplicitDerivative derivative, TracedProblem<T> traced)
    {
        Throw.Unless(
            derivative is not ImplicitDerivative.Unrolled,
            problem.Name,
            "the derivative must be one of the equation ∇f = 0 (Exact, Neumann, Phantom, OneStep): the steps of a descent are searched for by "
                + "comparing numbers, not made of operations that have derivatives",
            "Unrolled"
        );
        Function gradient = problem.Gradient;
        if (derivative is not ImplicitDerivative.Exact exact)
            return new(problem, Downhill(gradient), derivative, traced);
        LinearSolver solver = exact.Solver ?? Standard(gradient.Arguments[0].Length);
        return new(problem, gradient, new ImplicitDerivative.Exact(solver), traced)
        {
            // Who asks for the solution of least norm expects a singular matrix.
            Isolation = solver is LinearSolver.Pseudoinverse or LinearSolver.Lsmr
                ? Isolation.Unasked
                : Isolation.OfMinimum,
        };
    }

    /// <summary>
    /// Where F is used as a step x + F(x), it goes down; the theorem, to which the sign is all one, takes the gradient itself, whose
    /// derivative is positive definite.
    /// </summary>
    private static Function Downhill(Function gradient) =>
        Function.TraceClosed("minimise", gradient.ArgumentTypes, all => [-gradient.Apply(all)[0]]);

    private static LinearSolver Standard(int unknowns) =>
        unknowns <= MostFactorised ? new LinearSolver.Direct() : new LinearSolver.Cg();
}
