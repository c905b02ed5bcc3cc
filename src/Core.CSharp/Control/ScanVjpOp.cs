using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>
/// The cotangent of a loop, G(p, w) = wᵀ·DΦ(p): (arguments of the loop, its record, cotangents of some results) → cotangents of some
/// arguments. <see cref="ScanOp"/> says why its derivatives are loops of the same two kinds.
/// </summary>
/// <param name="Scan">The loop Φ.</param>
/// <param name="Needed">Which arguments' cotangents are computed.</param>
/// <param name="Present">Which results have a cotangent.</param>
internal sealed record ScanVjpOp(ScanOp Scan, ValueArray<bool> Needed, ValueArray<bool> Present) : HostOp
{
    private LoopBody Body => Scan.Body;

    public override string Name => "scan";

    public override bool IsCostly => true;

    /// <summary>The cotangents of all arguments of a loop (null where not needed, or where nothing flows).</summary>
    public static Tensor?[] Pull(
        ScanOp scan,
        ReadOnlySpan<Tensor> arguments,
        Tensor record,
        ReadOnlySpan<Tensor?> cotangents,
        ReadOnlySpan<bool> needed
    )
    {
        LoopBody body = scan.Body;
        bool[] moved = body.Moved(body.Moving(needed[..body.Arguments]));
        var present = new bool[body.Results];
        var flowing = new List<Tensor>();
        for (int i = 0; i < present.Length; i++)
            if (moved[i] && cotangents[i] is { } cotangent)
            {
                present[i] = true;
                flowing.Add(cotangent);
            }
        if (flowing.Count == 0)
            return new Tensor?[body.Arguments];
        var op = new ScanVjpOp(scan, [.. needed[..body.Arguments]], [.. present]);
        Tensor[] results = Tensor.ApplyMany(op, [.. arguments, record, .. flowing]);
        return Flags.Spread<Tensor>(needed[..body.Arguments], results);
    }

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        Flags.Chosen(Needed.Span, inputs[..Body.Arguments]);

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Node node = Read(tuple);
        Tensor?[] along = tangents[..Body.Arguments].ToArray();
        Tensor?[] flowing = Flags.Spread(Present.Span, tangents[(Body.Arguments + 1)..]);
        Tensor?[] pulled;
        if (Array.TrueForAll(along, tangent => tangent is null))
            pulled = Pull(Scan, node.Arguments, node.Record, flowing, Needed.Span);
        else
        {
            ScanOp.Tangential loop = Scan.Along(node.Arguments, along);
            pulled = PullPrimal(loop, flowing, node.Cotangents, Needed.Span);
        }
        return Flags.Chosen<Tensor?>(Needed.Span, pulled);
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Node node = Read(tuple);
        Tensor?[] u = Flags.Spread(Needed.Span, cotangents);
        ScanOp.Tangential loop = Scan.Along(node.Arguments, u);
        Tensor?[] primal = PullPrimal(loop, new Tensor?[Body.Results], node.Cotangents, needed[..Body.Arguments]);
        return [.. primal, null, .. Flags.Chosen<Tensor?>(Present.Span, loop.Tangents)];
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        if (Scan.IsCountedByItem(batched))
            return Mapping.Map(this, inputs, batched, size);
        int count = Body.Arguments;
        // A cotangent per item needs an argument per item.
        var arguments = new Tensor[count];
        bool[] flags = new bool[count];
        for (int i = 0; i < count; i++)
        {
            flags[i] = batched[i] || Needed[i];
            arguments[i] = flags[i] ? Batching.Materialise(inputs[i], batched[i], size) : inputs[i];
        }
        (ScanOp scan, Tensor[] mapped) = Scan.Map(arguments, flags, size);
        // The record has a batch axis only if the loop had one.
        Tensor record = batched[count] ? inputs[count] : Tensor.ApplyMany(scan, mapped)[^1];
        int[] present = Flags.Indices(Present.Span);
        var cotangents = new Tensor[present.Length];
        for (int i = 0; i < cotangents.Length; i++)
        {
            Tensor items = Batching.Materialise(inputs[count + 1 + i], batched[count + 1 + i], size);
            cotangents[i] = present[i] < Body.Carries ? items : Tensor.MoveAxis(items, 0, 1);
        }
        Tensor[] results = Tensor.ApplyMany(this with { Scan = scan }, [.. mapped, record, .. cotangents]);
        int[] wanted = Flags.Indices(Needed.Span);
        for (int i = 0; i < wanted.Length; i++)
            if (Body.IsElement(wanted[i]))
                results[i] = Tensor.MoveAxis(results[i], 1, 0);
        return results;
    }

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted)
    {
        bool[] needed = new bool[Needed.Count];
        int[] positions = Flags.Indices(Needed.Span);
        for (int i = 0; i < positions.Length; i++)
            needed[positions[i]] = wanted[i];
        return (new ScanVjpRun(this with { Needed = [.. needed] }), wanted.ToArray());
    }

    /// <summary>
    /// The cotangents of the arguments p of a loop over jvp B, for cotangents of its results and of their tangents.
    /// </summary>
    private static Tensor?[] PullPrimal(
        ScanOp.Tangential loop,
        Tensor?[] results,
        Tensor?[] tangents,
        ReadOnlySpan<bool> needed
    )
    {
        bool[] primal = loop.Layout.Pair(needed, _ => false);
        Tensor?[] cotangents = loop.Layout.PairResults<Tensor?>(results, i => tangents[i]);
        Tensor?[] pulled = Pull(loop.Op, loop.Inputs, loop.Record, cotangents, primal);
        return loop.Layout.Split<Tensor?>(pulled).Arguments;
    }

    private Node Read(Tensor tuple) =>
        new(
            tuple.InputArray[..Body.Arguments],
            tuple.Inputs[Body.Arguments],
            Flags.Spread<Tensor>(Present.Span, tuple.InputArray.AsSpan((Body.Arguments + 1)..))
        );

    /// <summary>What a node of this operation was applied to; one cotangent per result of the loop.</summary>
    private readonly record struct Node(Tensor[] Arguments, Tensor Record, Tensor?[] Cotangents);
}
