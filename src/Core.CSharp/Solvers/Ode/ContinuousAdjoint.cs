using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The adjoint equation, solved backward in time: a′ = −aᵀ·∂f/∂y and g′ = −aᵀ·∂f/∂θ beside y′ = f, with a jump of a by the cotangent of
/// each output (Chen et al. 2018, Neural Ordinary Differential Equations, appendix B). Between outputs it is an ordinary solve, so it
/// has derivatives of its own.
/// </summary>
/// <remarks>
/// g does not act back on y and a, so it does not control the steps (Kidger, Chen, Lyons 2021, "Hey, that's not an ODE": the seminorm). y starts
/// anew from the forward solution at each output.
/// </remarks>
internal static class ContinuousAdjoint
{
    /// <summary>The cotangents of the initial leaves and of the captures; null for captures that are not needed.</summary>
    public static Tensor?[] Pull(
        OdeProblem problem,
        Adjoint.Backsolve adjoint,
        Tensor[] rows,
        Tensor[] weights,
        Tensor[] captures,
        ReadOnlySpan<bool> needed,
        Tensor times
    )
    {
        int n = problem.Leaves;
        bool[] wanted = needed.ToArray();
        OdeProblem backward = Backward(problem, adjoint, wanted);
        Tensor[] totals = [.. captures.Where((_, i) => wanted[i]).Select(Tensor.ZerosLike)];
        Tensor[] intervals =
        [
            .. rows.Select(row => row[1..]),
            .. weights.Select(weight => weight[..^1]),
            times[1..],
            times[..^1],
        ];
        (Tensor[] found, _) = Loops.Scan(
            (carry, element) => (Interval(backward, n, carry, element, captures), Array.Empty<Tensor>()),
            (Tensor[])[.. weights.Select(weight => weight[^1]), .. totals],
            intervals,
            reverse: true
        );
        var next = new Queue<Tensor>(found[n..]);
        return [.. found[..n], .. wanted.Select(flag => flag ? next.Dequeue() : null)];
    }

    /// <summary>Takes (a, g) from the end of an interval to its beginning, and adds the cotangent of the output there.</summary>
    private static Tensor[] Interval(OdeProblem backward, int n, Tensor[] carry, Tensor[] element, Tensor[] captures)
    {
        Tensor span = Tensor.Stack([element[^2], element[^1]], 0);
        Tensor[] solved = Tensor.ApplyMany(new OdeintOp(backward), [.. element[..n], .. carry, .. captures, span]);
        Tensor[] begin = [.. solved[n..^1].Select(leaf => leaf[1])];
        return [.. begin[..n].Zip(element[n..(2 * n)], (a, weight) => a + weight), .. begin[n..]];
    }

    /// <summary>The problem in (y, a, g), with g out of the error norm.</summary>
    private static OdeProblem Backward(OdeProblem problem, Adjoint.Backsolve adjoint, bool[] needed)
    {
        int n = problem.Leaves;
        TensorType[] totals = [.. problem.Captures.Where((_, i) => needed[i])];
        Function field = Function.TraceClosed(
            "odeint",
            [problem.Time, .. problem.State, .. problem.State, .. totals, .. problem.Captures],
            all =>
            {
                Tensor[] y = all[1..(1 + n)];
                Tensor[] a = all[(1 + n)..(1 + (2 * n))];
                Tensor[] captures = all[(1 + (2 * n) + totals.Length)..];
                Tensor[] slopes = StepFunctions.Evaluate(problem, all[0], y, captures);
                Tensor[] sources = [.. y, .. captures.Where((_, i) => needed[i])];
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
