using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The transpose of a replay, G(y₀, θ, w) = wᵀ·DΦ(y₀, θ): (y₀ leaves, captures, cotangents of the rows, times, record) → cotangents of the
/// leaves of y₀, then of the captures that are needed.
/// </summary>
/// <remarks>
/// Let Φ′ be the replay of the tangent problem, (y₀, ẏ₀, θ, θ̇) ↦ (Φ, DΦ·(ẏ₀, θ̇)). The derivative of G along (ẏ₀, θ̇, ẇ) is
/// ẇᵀ·DΦ + wᵀ·D²Φ·(ẏ₀, θ̇), which is the cotangent of (y₀, θ) in Φ′ for cotangents (ẇ, w) of its rows. Second derivatives are symmetric, so
/// the transpose of G's derivative, for cotangents u of G, has the same parts: for (y₀, θ) those of Φ′ along u for cotangents (0, w), and for w
/// the tangents DΦ·u. Hence replays and their transposes are closed under differentiation, for both modes and every order. The times enter
/// through the slopes at the outputs and at the start (<see cref="TimeDerivatives"/>), of Φ and of Φ′ alike.
/// </remarks>
internal sealed record ReplayVjpOp(OdeProblem Problem, ValueArray<bool> Needed) : HostOp
{
    private int Leaves => Problem.Leaves;

    public override string Name => "odeint";

    public override bool IsCostly => true;

    /// <summary>The cotangents of the initial leaves and of the captures; null for captures that are not needed.</summary>
    public static Tensor?[] Pull(
        OdeProblem problem,
        Tensor[] y0,
        Tensor[] captures,
        Tensor[] rows,
        Tensor times,
        Tensor record,
        ReadOnlySpan<bool> needed
    )
    {
        var op = new ReplayVjpOp(problem, [.. needed]);
        Tensor[] results = Tensor.ApplyMany(op, [.. y0, .. captures, .. rows, times, record]);
        return Flags.Spread<Tensor>([.. Flags.All(y0.Length), .. needed], results);
    }

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [.. Problem.State, .. Flags.Chosen<TensorType>(Needed.Span, Problem.Captures)];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Node node = Read(tuple);
        int captures = node.Captures.Length;
        Tensor? dtimes = tangents[^2];
        Tensor[] rows = Differentiation.OrZeros(tangents.Slice(Leaves + captures, Leaves), node.Rows);
        Tensor[] dy0 = Differentiation.OrZeros(tangents[..Leaves], node.Y0);
        Tensor[] start = TimeDerivatives.Start(Problem, node.Times, dtimes, node.Y0, dy0, node.Captures);
        Tensor[] along = [];
        if (dtimes is not null)
        {
            along = PullOutputSlopes(node, dtimes);
            rows = [.. rows.Zip(along, (a, b) => a + b)];
        }
        Tensor?[] all = Along(node, start, tangents.Slice(Leaves, captures), rows);
        if (dtimes is null)
            return all;
        Tensor[] before = TimeDerivatives.PullInitialSlope(
            Problem,
            node.Times,
            dtimes,
            node.Y0,
            node.Captures,
            Results(tuple)[..Leaves],
            [.. Needed]
        );
        return [.. all.Select((part, i) => i < Leaves ? part! - before[i] : part! + along[i] - before[i])];
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Node node = Read(tuple);
        int captures = node.Captures.Length;
        (OdeProblem tangent, Tensor[] moving) = ReplayOp.Augment(
            Problem,
            Flags.Spread(Needed.Span, cotangents[Leaves..])
        );
        Tensor[] start = [.. node.Y0, .. Differentiation.OrZeros(cotangents[..Leaves], node.Y0)];
        Tensor[] data = [.. node.Captures, .. moving];
        Tensor[] rows = Tensor.ApplyMany(
            new ReplayOp(tangent, node.Times.Length),
            [.. start, .. data, node.Times, node.Record]
        );
        Tensor[] weights = [.. node.Rows.Select(Tensor.ZerosLike), .. node.Rows];
        bool[] wanted = [.. needed.Slice(Leaves, captures), .. new bool[moving.Length]];
        Tensor?[] pulled = Pull(tangent, start, data, weights, node.Times, node.Record, wanted);
        Tensor? times = needed[^2]
            ? TimeDerivatives.Cotangent(tangent, node.Times, start, data, rows, weights, pulled.AsSpan(0, 2 * Leaves))
            : null;
        return [.. pulled.Take(Leaves), .. pulled.Skip(2 * Leaves).Take(captures), .. rows[Leaves..], times, null];
    }

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new ReplayVjpRun(Problem, Needed), Flags.All(wanted.Length));

    /// <summary>
    /// The cotangents of (y₀, θ) in Φ′ along (ẏ₀, θ̇), for cotangents of its first half; those of its second half are w.
    /// </summary>
    private Tensor?[] Along(Node node, Tensor[] dy0, ReadOnlySpan<Tensor?> dcaptures, Tensor[] firstHalf)
    {
        (OdeProblem tangent, Tensor[] moving) = ReplayOp.Augment(Problem, dcaptures);
        Tensor?[] pulled = Pull(
            tangent,
            [.. node.Y0, .. dy0],
            [.. node.Captures, .. moving],
            [.. firstHalf, .. node.Rows],
            node.Times,
            node.Record,
            [.. Needed, .. new bool[moving.Length]]
        );
        ReadOnlySpan<Tensor?> captures = pulled.AsSpan(2 * Leaves, node.Captures.Length);
        return [.. pulled.AsSpan(0, Leaves), .. Flags.Chosen(Needed.Span, captures)];
    }

    /// <summary>What moving times does through the slopes at the outputs: cotangents of rows, then of the captures that are needed.</summary>
    private Tensor[] PullOutputSlopes(Node node, Tensor dtimes)
    {
        Tensor[] rows = Tensor.ApplyMany(
            new ReplayOp(Problem, node.Times.Length),
            [.. node.Y0, .. node.Captures, node.Times, node.Record]
        );
        return TimeDerivatives.PullSlopes(Problem, node.Times, dtimes, rows, node.Captures, node.Rows, [.. Needed]);
    }

    private Node Read(Tensor tuple)
    {
        Tensor[] inputs = tuple.InputArray;
        int captures = Problem.Captures.Length;
        return new Node(
            inputs[..Leaves],
            inputs[Leaves..(Leaves + captures)],
            inputs[(Leaves + captures)..^2],
            inputs[^2],
            inputs[^1]
        );
    }

    /// <summary>What a node of this operation was applied to.</summary>
    private sealed record Node(Tensor[] Y0, Tensor[] Captures, Tensor[] Rows, Tensor Times, Tensor Record);
}
