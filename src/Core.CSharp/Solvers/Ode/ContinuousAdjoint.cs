using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The adjoint equation, solved backward in time: a′ = −aᵀ·∂f/∂y and g′ = −aᵀ·∂f/∂θ beside y′ = f, with a jump of a by the cotangent of
/// each output (Chen et al. 2018, Neural Ordinary Differential Equations, appendix B). Between outputs it is an ordinary solve, which says what its
/// derivatives are; <see cref="BacksolveRun"/> solves it in one go.
/// </summary>
/// <remarks>
/// g does not act back on y and a, so it does not control the steps (Kidger, Chen, Lyons 2021, "Hey, that's not an ODE": the seminorm), but where
/// these rest (<see cref="HiddenError"/>). y starts anew from the forward solution at each output.
/// </remarks>
internal static class ContinuousAdjoint
{
    /// <summary>
    /// (leaves at the times, their cotangents, captures, times) → cotangents of the initial leaves, then of the captures that are needed: a scan
    /// of solves from each output to the one before it.
    /// </summary>
    public static Tensor[] Intervals(OdeProblem problem, bool[] needed, Tensor[] all)
    {
        int n = problem.Leaves;
        var given = new Arguments(all);
        (Tensor[] rows, Tensor[] weights) = (given.Take(n), given.Take(n));
        (Tensor[] captures, Tensor times) = (given.Take(problem.Captures.Length), given.Take());
        OdeProblem equation = problem.Kernels.Adjoint([.. needed]).Problem;
        Tensor[] totals = Array.ConvertAll(Flags.Chosen<Tensor>(needed, captures), Tensor.ZerosLike);
        Tensor[] intervals =
        [
            .. rows.Select(row => row[1..]),
            .. weights.Select(weight => weight[..^1]),
            times[1..],
            times[..^1],
        ];
        return Loops
            .Scan(
                (carry, element) => (Interval(equation, n, carry, element, captures), Array.Empty<Tensor>()),
                (Tensor[])[.. weights.Select(weight => weight[^1]), .. totals],
                intervals,
                reverse: true
            )
            .Carry;
    }

    /// <summary>Takes (a, g) from the end of an interval to its beginning, and adds the cotangent of the output there.</summary>
    private static Tensor[] Interval(OdeProblem equation, int n, Tensor[] carry, Tensor[] element, Tensor[] captures)
    {
        Tensor span = Tensor.Stack([element[^2], element[^1]], 0);
        Tensor[] solved = Tensor.ApplyMany(
            new OdeintOp(equation, OnFail.Throw, [.. equation.Captures.Select(type => type.DType.IsFloat)]),
            [.. element[..n], .. carry, .. captures, span]
        );
        Tensor[] begin = [.. solved[n..^1].Select(leaf => leaf[1])];
        return [.. begin[..n].Zip(element[n..(2 * n)], (a, weight) => a + weight), .. begin[n..]];
    }

    /// <summary>The problem in (y, a, g), with g out of the error norm.</summary>
    public static OdeProblem Equation(OdeProblem problem, bool[] needed)
    {
        int n = problem.Leaves;
        var adjoint = (Adjoint.Backsolve)problem.Options.Adjoint;
        TensorType[] totals = Flags.Chosen<TensorType>(needed, problem.Captures);
        Function field = Function.TraceClosed(
            "odeint",
            [problem.Time, .. problem.State, .. problem.State, .. totals, .. problem.Captures],
            all =>
            {
                var given = new Arguments(all);
                (Tensor t, Tensor[] y, Tensor[] a) = (given.Take(), given.Take(n), given.Take(n));
                // No slope depends on the totals.
                given.Take(totals.Length);
                Tensor[] captures = given.Rest;
                Tensor[] slopes = StepFunctions.Evaluate(problem, t, y, captures);
                Tensor[] sources = [.. y, .. Flags.Chosen<Tensor>(needed, captures)];
                Tensor[] pulled = Differentiation.Pull(sources, slopes, a);
                return [.. slopes, .. pulled.Select(cotangent => -cotangent)];
            }
        );
        return problem with
        {
            Field = field,
            Leaves = (2 * n) + totals.Length,
            NormLeaves = 2 * n,
            Norm = null,
            Options = problem.Options with
            {
                RelativeTolerance = adjoint.RelativeTolerance ?? problem.Options.RelativeTolerance,
                AbsoluteTolerance = adjoint.AbsoluteTolerance ?? problem.Options.AbsoluteTolerance,
                FirstStep = null,
            },
        };
    }
}
