using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>
/// A loop of a known number of steps: (first carries, sequences, captures) → (last carries, sequences of outputs, record). The
/// record holds the carries along the way; only the reverse derivative asks for it.
/// </summary>
/// <remarks>
/// Write Φ for the whole loop over a body B, p for everything it reads. Its tangent DΦ(p)·ṗ is part of the loop over jvp B, whose carries
/// are (c, ċ): a scan again. Its cotangent G(p, w) = wᵀ·DΦ(p) is a node of its own, <see cref="ScanVjpOp"/>, made from B. That is
/// closed under differentiation, because Φ̂(p, ṗ) = (Φ(p), DΦ(p)·ṗ), the loop over jvp B, has the cotangent
/// (a, b) ↦ aᵀ·DΦ + b·D²Φ[ṗ] with respect to p, and second derivatives are symmetric:
/// <list type="bullet">
/// <item>the tangent of G along (ṗ, ẇ) is ẇᵀ·DΦ + w·D²Φ[ṗ]: the p-part of the cotangent of Φ̂ for (ẇ, w);</item>
/// <item>the cotangent of G for u with respect to w is DΦ·u: the tangent part of Φ̂(p, u);</item>
/// <item>the cotangent of G for u with respect to p is w·D²Φ[u]: the p-part of the cotangent of Φ̂ at (p, u) for (0, w).</item>
/// </list>
/// So loops and their cotangents over bodies B, jvp B, jvp jvp B, … have all derivatives of every order.
/// </remarks>
/// <param name="Body">One step.</param>
/// <param name="Length">The number of steps, where it is known.</param>
/// <param name="Reverse">Whether the sequences are read, and the outputs written, from the end.</param>
internal sealed record ScanOp(LoopBody Body, int Length, bool Reverse) : HostOp
{
    /// <summary>
    /// Whether the number of steps is known only when the loop runs: the first capture is it, an int64 scalar. Such a loop has no sequences.
    /// </summary>
    public bool IsCounted { get; init; }

    public override string Name => "scan";

    public override bool IsDegreeKnown => true;

    public override int? Degree(ReadOnlySpan<int> inputs) => Body.Degree(inputs, Length);

    public override bool IsCostly => true;

    /// <summary>The number of steps for given inputs.</summary>
    public int Steps(ReadOnlySpan<Buffer> inputs) =>
        IsCounted ? checked((int)inputs[Body.Carries + Body.Elements].Read<long>()[0]) : Length;

    /// <summary>Whether items take different numbers of steps: then each is a loop of its own.</summary>
    public bool IsCountedByItem(ReadOnlySpan<bool> batched) => IsCounted && batched[Body.Carries + Body.Elements];

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs)
    {
        TensorType[] types = Body.Step.ResultTypes;
        for (int i = Body.Carries; i < types.Length; i++)
            types[i] = types[i] with { Shape = types[i].Shape.Prepend(Length) };
        return [.. types, TensorType.Opaque];
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed) =>
        ScanVjpOp.Pull(this, tuple.InputArray, Results(tuple)[^1], cotangents, needed);

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents) =>
        [.. Along(tuple.InputArray, tangents).Tangents, null];

    /// <summary>The loop over jvp B at given arguments and tangents (null is zero).</summary>
    public Tangential Along(ReadOnlySpan<Tensor> arguments, ReadOnlySpan<Tensor?> tangents)
    {
        bool[] moving = Body.Moving(Flags.Present(tangents));
        var layout = new Augmented(Body, moving);
        ScanOp op = this with { Body = Body.Jvp(moving) };
        Tensor[] primals = arguments.ToArray();
        Tensor?[] given = tangents.ToArray();
        Tensor[] inputs = layout.Pair(primals, i => given[i] ?? Tensor.ZerosLike(primals[i]));
        Tensor[] results = Tensor.ApplyMany(op, inputs);
        return new Tangential(op, layout, inputs, results[^1], layout.ResultTangents<Tensor>(results.AsSpan()[..^1]));
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        if (IsCountedByItem(batched))
            return Mapping.Map(this, inputs, batched, size);
        (ScanOp op, Tensor[] mapped) = Map(inputs, batched, size);
        Tensor[] results = Tensor.ApplyMany(op, mapped);
        for (int i = Body.Carries; i < Body.Results; i++)
            results[i] = Tensor.MoveAxis(results[i], 1, 0);
        return results;
    }

    /// <summary>The loop over batches, with its inputs: carries all have a batch axis, sequences have it behind time.</summary>
    public (ScanOp Op, Tensor[] Inputs) Map(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        bool[] flags = batched.ToArray();
        var mapped = new Tensor[inputs.Length];
        for (int i = 0; i < mapped.Length; i++)
        {
            mapped[i] =
                Body.IsCarry(i) ? Batching.Materialise(inputs[i], batched[i], size)
                : Body.IsElement(i) && batched[i] ? Tensor.MoveAxis(inputs[i], 0, 1)
                : inputs[i];
            flags[i] |= Body.IsCarry(i);
        }
        return (this with { Body = Body.Vmap(flags, size) }, mapped);
    }

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new ScanRun(this, new ValueArray<bool>(wanted.ToArray())), wanted.ToArray());

    /// <summary>A loop over jvp B: its inputs, its record, and the tangents of the results (null where nothing moves).</summary>
    public readonly record struct Tangential(
        ScanOp Op,
        Augmented Layout,
        Tensor[] Inputs,
        Tensor Record,
        Tensor?[] Tangents
    );
}
