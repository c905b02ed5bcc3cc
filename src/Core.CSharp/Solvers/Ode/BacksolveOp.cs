using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The adjoint equation solved from the last output time to the first: (leaves at the times [m, …], their cotangents, captures, times [m]) →
/// cotangents of the leaves of y₀, then of the captures that are needed. One solve with a jump at each output; what it computes, to its
/// tolerance, is <see cref="ContinuousAdjoint.Intervals"/>.
/// </summary>
internal sealed record BacksolveOp(OdeProblem Problem, ValueArray<bool> Needed) : DefinedOp
{
    public override string Name => "odeint";

    public override bool IsCostly => true;

    /// <summary>The cotangents of the initial leaves and of the captures; null for captures that are not needed.</summary>
    public static Tensor?[] Pull(
        OdeProblem problem,
        Tensor[] rows,
        Tensor[] weights,
        Tensor[] captures,
        Tensor times,
        ReadOnlySpan<bool> needed
    )
    {
        var op = new BacksolveOp(problem, [.. needed]);
        Tensor[] results = Tensor.ApplyMany(op, [.. rows, .. weights, .. captures, times]);
        return Flags.Spread<Tensor>([.. Flags.All(problem.Leaves), .. needed], results);
    }

    public override Function Definition(TensorType[] inputs) =>
        Function.TraceClosed("odeint", inputs, all => ContinuousAdjoint.Intervals(Problem, Needed.ToArray(), all));

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [.. Problem.State, .. Flags.Chosen<TensorType>(Needed.Span, Problem.Captures)];

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new BacksolveRun(Problem, Needed), Flags.All(wanted.Length));
}
