using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The solution of an initial value problem: (y₀ leaves, captures, times [m]) → (leaves at the times [m, …], record of the steps).
/// </summary>
/// <remarks>
/// Derivatives are those of the discrete solution along the steps that were accepted (or of the continuous adjoint, if so wanted), and
/// with respect to times those of the exact flow (<see cref="TimeDerivatives"/>).
/// </remarks>
/// <param name="Problem">The problem.</param>
/// <param name="OnFail">What is given where the last time is not reached: an error, or NaN.</param>
/// <param name="Moving">Which captures a derivative may be by: those that wait for an open trace, what <c>compile</c> and <c>vmap</c> are given included.</param>
internal sealed record OdeintOp(OdeProblem Problem, OnFail OnFail, ValueArray<bool> Moving) : HostOp
{
    private int Leaves => Problem.Leaves;

    private int Captures => Problem.Captures.Length;

    public override string Name => "odeint";

    public override bool IsCostly => true;

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [.. Trajectories(Problem.State, inputs[^1].Shape[0]), TensorType.Opaque];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Node node = Read(tuple);
        bool[] moving = Flags.Present(tangents);
        Tensor[] pushed = WhereSolved(
            node,
            node.Rows,
            given => Push(node, Flags.Spread<Tensor>(moving, given)),
            Flags.Given(tangents)
        );
        return [.. pushed, null];
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Node node = Read(tuple);
        bool[] wanted = needed.ToArray();
        Tensor[] sources = Flags.Chosen<Tensor>(needed, tuple.InputArray);
        Tensor[] pulled = WhereSolved(
            node,
            sources,
            weights => Differentiation.OrZeros(Flags.Chosen<Tensor?>(wanted, Pull(node, weights, wanted)), sources),
            Differentiation.OrZeros(cotangents[..Leaves], node.Rows)
        );
        return Flags.Spread<Tensor>(needed, pulled);
    }

    /// <summary>A derivative where there is a solution; where none is given, nothing.</summary>
    private Tensor[] WhereSolved(Node node, Tensor[] like, Func<Tensor[], Tensor[]> derivative, Tensor[] flows) =>
        OnFail == OnFail.Throw
            ? derivative(flows)
            : Branches.Cond(node.IsFailed, _ => Array.ConvertAll(like, Tensor.ZerosLike), derivative, flows);

    /// <summary>The tangents of the rows.</summary>
    private Tensor[] Push(Node node, Tensor?[] tangents) =>
        ReplayOp.Push(
            Problem,
            node.Y0,
            Differentiation.OrZeros(tangents.AsSpan(0, Leaves), node.Y0),
            node.Captures,
            tangents.AsSpan(Leaves, Captures),
            node.Times,
            tangents[^1],
            node.Rows,
            node.Record
        );

    /// <summary>The cotangents of the inputs that are needed; null is zero.</summary>
    private Tensor?[] Pull(Node node, Tensor[] weights, bool[] needed)
    {
        ReadOnlySpan<bool> wanted = needed.AsSpan(Leaves, Captures);
        Tensor?[] pulled =
            Problem.Options.Adjoint is Adjoint.Backsolve
                ? BacksolveOp.Pull(Problem, node.Rows, weights, node.Captures, node.Times, wanted)
                : ReplayVjpOp.Pull(Problem, node.Y0, node.Captures, weights, node.Times, node.Record, wanted);
        Tensor? times = needed[^1]
            ? TimeDerivatives.Cotangent(
                Problem,
                node.Times,
                node.Y0,
                node.Captures,
                node.Rows,
                weights,
                pulled.AsSpan(0, Leaves)
            )
            : null;
        return [.. pulled, times];
    }

    // The states come as a whole; the record is made only if a derivative reads it.
    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new OdeintRun(Problem, OnFail, Moving, wanted[^1]), [.. Flags.All(Leaves), wanted[^1]]);

    /// <summary>The types of leaves with a time axis in front.</summary>
    public static TensorType[] Trajectories(TensorType[] state, int times)
    {
        var trajectories = new TensorType[state.Length];
        for (int leaf = 0; leaf < state.Length; leaf++)
            trajectories[leaf] = state[leaf] with { Shape = state[leaf].Shape.Prepend(times) };
        return trajectories;
    }

    private Node Read(Tensor tuple)
    {
        Tensor[] results = Results(tuple);
        Tensor[] inputs = tuple.InputArray;
        return new Node(inputs[..Leaves], inputs[Leaves..^1], inputs[^1], results[..Leaves], results[^1]);
    }

    /// <summary>What a node of this operation was applied to and gave.</summary>
    private sealed record Node(Tensor[] Y0, Tensor[] Captures, Tensor Times, Tensor[] Rows, Tensor Record)
    {
        /// <summary>Whether NaN stands for the solution.</summary>
        public Tensor IsFailed => Rows.Select(leaf => Tensor.Any(Tensor.IsNaN(leaf))).Aggregate((a, b) => a | b);
    }
}
