using Implicit.Control;
using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The transpose of a replay, G(y₀, θ, w) = wᵀ·DΦ(y₀, θ): (y₀ leaves, captures, cotangents of the rows, record) → cotangents of the
/// leaves of y₀, then of the captures that are needed.
/// </summary>
/// <remarks>
/// Let Φ′ be the replay of the tangent problem, (y₀, ẏ₀, θ, θ̇) ↦ (Φ, DΦ·(ẏ₀, θ̇)). The derivative of G along (ẏ₀, θ̇, ẇ) is
/// ẇᵀ·DΦ + wᵀ·D²Φ·(ẏ₀, θ̇), which is the cotangent of (y₀, θ) in Φ′ for cotangents (ẇ, w) of its rows. Second derivatives are symmetric, so
/// the transpose of G's derivative, for cotangents u of G, has the same parts: for (y₀, θ) those of Φ′ along u for cotangents (0, w), and for w
/// the tangents DΦ·u. Hence replays and their transposes are closed under differentiation, for both modes and every order.
/// </remarks>
internal sealed record ReplayVjpOp(OdeProblem Problem, ValueArray<bool> Needed) : MultiOp
{
    private int Leaves => Problem.Leaves;

    public override string Name => "odeint";

    public override bool IsCostly => true;

    /// <summary>The cotangents of the initial leaves and of the captures; null for captures that are not needed.</summary>
    public static Tensor?[] Pull(
        OdeProblem problem,
        Tensor[] y0,
        Tensor[] captures,
        Tensor record,
        Tensor[] rows,
        ReadOnlySpan<bool> needed
    )
    {
        var op = new ReplayVjpOp(problem, [.. needed]);
        Tensor[] results = Tensor.ApplyMany(op, [.. y0, .. captures, .. rows, record]);
        var pulled = new Tensor?[y0.Length + captures.Length];
        Array.Copy(results, pulled, y0.Length);
        int next = y0.Length;
        for (int i = 0; i < captures.Length; i++)
            if (needed[i])
                pulled[y0.Length + i] = results[next++];
        return pulled;
    }

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [.. Problem.State, .. Problem.Captures.Where((_, i) => Needed[i])];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Node node = Read(tuple);
        int captures = node.Captures.Length;
        Tensor[] rows = OrZeros(node.Rows, tangents.Slice(Leaves + captures, Leaves));
        return Second(node, tangents[..Leaves], tangents.Slice(Leaves, captures), rows, Needed.Span, onlyNeeded: true);
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Node node = Read(tuple);
        int captures = node.Captures.Length;
        Tensor?[] u = Spread(cotangents[Leaves..]);
        Tensor[] zeros = Array.ConvertAll(node.Rows, Tensor.ZerosLike);
        Tensor?[] primal = Second(
            node,
            cotangents[..Leaves],
            u,
            zeros,
            needed.Slice(Leaves, captures),
            onlyNeeded: false
        );
        Tensor[] start = OrZeros(node.Y0, cotangents[..Leaves]);
        Tensor[] weights = ReplayOp.Push(Problem, node.Y0, start, node.Captures, u, node.Record, node.Rows[0].Shape[0]);
        return [.. primal, .. weights, null];
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Mapping.Map(this, inputs, batched, size);

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    ) => emitter.Host(new ReplayVjpRun(Problem, Needed), inputs, results, [.. Enumerable.Repeat(true, results.Length)]);

    /// <summary>
    /// The cotangents of (y₀, θ) in Φ′ along (ẏ₀, θ̇), for cotangents of its first half; those of its second half are w.
    /// </summary>
    private Tensor?[] Second(
        Node node,
        ReadOnlySpan<Tensor?> dy0,
        ReadOnlySpan<Tensor?> dcaptures,
        Tensor[] firstHalf,
        ReadOnlySpan<bool> needed,
        bool onlyNeeded
    )
    {
        (OdeProblem tangent, Tensor[] moving) = ReplayOp.Augment(Problem, dcaptures);
        Tensor?[] pulled = Pull(
            tangent,
            [.. node.Y0, .. OrZeros(node.Y0, dy0)],
            [.. node.Captures, .. moving],
            node.Record,
            [.. firstHalf, .. node.Rows],
            [.. needed, .. new bool[moving.Length]]
        );
        IEnumerable<Tensor?> captures = pulled.Skip(2 * Leaves).Take(node.Captures.Length);
        bool[] flags = needed.ToArray();
        return [.. pulled.Take(Leaves), .. onlyNeeded ? captures.Where((_, i) => flags[i]) : captures];
    }

    private Node Read(Tensor tuple)
    {
        Tensor[] inputs = tuple.InputArray;
        int captures = Problem.Captures.Length;
        return new Node(
            inputs[..Leaves],
            inputs[Leaves..(Leaves + captures)],
            inputs[(Leaves + captures)..^1],
            inputs[^1]
        );
    }

    /// <summary>One cotangent per capture, null where the capture is not needed.</summary>
    private Tensor?[] Spread(ReadOnlySpan<Tensor?> given)
    {
        var all = new Tensor?[Needed.Count];
        int next = 0;
        for (int i = 0; i < all.Length; i++)
            if (Needed[i])
                all[i] = given[next++];
        return all;
    }

    private static Tensor[] OrZeros(Tensor[] like, ReadOnlySpan<Tensor?> given)
    {
        var all = new Tensor[like.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = given[i] ?? Tensor.ZerosLike(like[i]);
        return all;
    }

    /// <summary>What a node of this operation was applied to.</summary>
    private sealed record Node(Tensor[] Y0, Tensor[] Captures, Tensor[] Rows, Tensor Record);
}
