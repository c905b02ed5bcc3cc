using Implicit.Control;
using Implicit.Graph;

namespace Implicit.Solvers.Ode;

/// <summary>
/// A Runge–Kutta solution along steps that are given: (y₀ leaves, captures, record) → leaves at the record's output times [m, …]. The
/// tangent of a solve is the replay of its tangent equation.
/// </summary>
/// <remarks>
/// With Φ(y₀, θ) the replay of a field f, the tangent DΦ·(ẏ₀, θ̇) is the second half of the replay of (f, ∂f/∂y·ẏ + ∂f/∂θ·θ̇), because a
/// Runge–Kutta step is linear in its stages. <see cref="ReplayVjpOp"/> is its transpose, and the two are closed under differentiation.
/// </remarks>
internal sealed record ReplayOp(OdeProblem Problem, int Outputs) : MultiOp
{
    public override string Name => "odeint";

    public override bool IsCostly => true;

    /// <summary>The tangents of all rows for tangents of the initial state and of those captures that have one.</summary>
    public static Tensor[] Push(
        OdeProblem problem,
        Tensor[] y0,
        Tensor[] dy0,
        Tensor[] captures,
        ReadOnlySpan<Tensor?> dcaptures,
        Tensor record,
        int outputs
    )
    {
        (OdeProblem tangent, Tensor[] moving) = Augment(problem, dcaptures);
        Tensor[] rows = Tensor.ApplyMany(
            new ReplayOp(tangent, outputs),
            [.. y0, .. dy0, .. captures, .. moving, record]
        );
        return rows[problem.Leaves..];
    }

    /// <summary>The tangent problem for those captures that have a tangent, and these tangents.</summary>
    public static (OdeProblem Problem, Tensor[] Moving) Augment(OdeProblem problem, ReadOnlySpan<Tensor?> dcaptures)
    {
        bool[] moving = new bool[dcaptures.Length];
        var tangents = new List<Tensor>();
        for (int i = 0; i < moving.Length; i++)
            if (dcaptures[i] is { } tangent)
            {
                moving[i] = true;
                tangents.Add(tangent);
            }
        return (problem.Tangent(moving), [.. tangents]);
    }

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [.. OdeintOp.Trajectories(Problem.State, Outputs)];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        int n = Problem.Leaves;
        Tensor[] inputs = tuple.InputArray;
        Tensor[] start = [.. inputs[..n].Zip(tangents[..n].ToArray(), (y, dy) => dy ?? Tensor.ZerosLike(y))];
        return Push(Problem, inputs[..n], start, inputs[n..^1], tangents[n..^1], inputs[^1], Outputs);
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        int n = Problem.Leaves;
        Tensor[] inputs = tuple.InputArray;
        Tensor[] rows = [.. Results(tuple).Zip(cotangents.ToArray(), (y, w) => w ?? Tensor.ZerosLike(y))];
        return [.. ReplayVjpOp.Pull(Problem, inputs[..n], inputs[n..^1], inputs[^1], rows, needed[n..^1]), null];
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Mapping.Map(this, inputs, batched, size);

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    ) => emitter.Host(new ReplayRun(Problem), inputs, results, [.. Enumerable.Repeat(true, results.Length)]);
}
