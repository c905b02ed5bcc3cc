using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// A Runge–Kutta solution along steps that are given: (y₀ leaves, captures, times [m], record) → leaves at the times [m, …]. The
/// tangent of a solve is the replay of its tangent equation.
/// </summary>
/// <remarks>
/// With Φ(y₀, θ) the replay of a field f, the tangent DΦ·(ẏ₀, θ̇) is the second half of the replay of (f, ∂f/∂y·ẏ + ∂f/∂θ·θ̇), because a
/// Runge–Kutta step is linear in its stages. <see cref="ReplayVjpOp"/> is its transpose, and the two are closed under differentiation.
/// </remarks>
internal sealed record ReplayOp(OdeProblem Problem, int Outputs) : HostOp
{
    public override string Name => "odeint";

    public override bool IsCostly => true;

    /// <summary>
    /// The tangents of all rows for tangents of the initial state, of the times, and of those captures that have one.
    /// </summary>
    public static Tensor[] Push(
        OdeProblem problem,
        Tensor[] y0,
        Tensor[] dy0,
        Tensor[] captures,
        ReadOnlySpan<Tensor?> dcaptures,
        Tensor times,
        Tensor? dtimes,
        Tensor[] rows,
        Tensor record
    )
    {
        (OdeProblem tangent, Tensor[] moving) = Augment(problem, dcaptures);
        Tensor[] start = TimeDerivatives.Start(problem, times, dtimes, y0, dy0, captures);
        Tensor[] both = Tensor.ApplyMany(
            new ReplayOp(tangent, times.Length),
            [.. y0, .. start, .. captures, .. moving, times, record]
        );
        if (dtimes is null)
            return both[problem.Leaves..];
        Tensor dt = TimeDerivatives.InState(problem, dtimes);
        Tensor[] slopes = TimeDerivatives.Slopes(problem, times, rows, captures);
        return [.. both[problem.Leaves..].Zip(slopes, (dy, slope) => dy + (slope * TimeDerivatives.AsRows(dt, slope)))];
    }

    /// <summary>The tangent problem for those captures that have a tangent, and these tangents.</summary>
    public static (OdeProblem Problem, Tensor[] Moving) Augment(OdeProblem problem, ReadOnlySpan<Tensor?> dcaptures) =>
        (problem.Tangent(Flags.Present(dcaptures)), Flags.Given(dcaptures));

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [.. OdeintOp.Trajectories(Problem.State, Outputs)];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        int n = Problem.Leaves;
        Tensor[] inputs = tuple.InputArray;
        Tensor[] start = Differentiation.OrZeros(tangents[..n], inputs.AsSpan(0, n));
        return Push(
            Problem,
            inputs[..n],
            start,
            inputs[n..^2],
            tangents[n..^2],
            inputs[^2],
            tangents[^2],
            Results(tuple),
            inputs[^1]
        );
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        int n = Problem.Leaves;
        Tensor[] inputs = tuple.InputArray;
        Tensor[] rows = Results(tuple);
        Tensor[] weights = Differentiation.OrZeros(cotangents, rows);
        (Tensor[] y0, Tensor[] captures, Tensor times) = (inputs[..n], inputs[n..^2], inputs[^2]);
        Tensor?[] pulled = ReplayVjpOp.Pull(Problem, y0, captures, weights, times, inputs[^1], needed[n..^2]);
        Tensor? moved = needed[^2]
            ? TimeDerivatives.Cotangent(Problem, times, y0, captures, rows, weights, pulled.AsSpan(0, n))
            : null;
        return [.. pulled, moved, null];
    }

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new ReplayRun(Problem), Flags.All(wanted.Length));
}
