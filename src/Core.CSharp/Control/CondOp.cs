using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>
/// One of two functions of the same arguments: (condition, arguments) → results. Its derivatives are choices by the same
/// condition between the derivatives of the two.
/// </summary>
internal sealed record CondOp(Function Then, Function Otherwise) : HostOp
{
    public override string Name => "cond";

    public override bool IsCostly => true;

    public override bool IsDegreeKnown => true;

    public override int? Degree(ReadOnlySpan<int> inputs) =>
        inputs[0] == 0
        && Degrees.Highest(Then, inputs[1..]) is { } then
        && Degrees.Highest(Otherwise, inputs[1..]) is { } otherwise
            ? Math.Max(then, otherwise)
            : null;

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => Then.ResultTypes;

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        bool[] wanted = needed[1..].ToArray();
        bool[] present = Flags.Present(cotangents);
        var op = new CondOp(Then.Pullback(wanted, present), Otherwise.Pullback(wanted, present));
        return [null, .. Flags.Spread<Tensor>(wanted, Derivative(op, tuple, cotangents))];
    }

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        bool[] moving = Flags.Present(tangents[1..]);
        var op = new CondOp(Then.Pushforward(moving), Otherwise.Pushforward(moving));
        var pushed = new Queue<Tensor>(Derivative(op, tuple, tangents[1..]));
        return [.. Then.Results.Select(result => result.DType.IsFloat ? pushed.Dequeue() : null)];
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        batched[0]
            ? Mapping.Map(this, inputs, batched, size)
            : Tensor.ApplyMany(
                new CondOp(Then.Vmap(batched[1..], size), Otherwise.Vmap(batched[1..], size)),
                inputs.ToArray()
            );

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new CondRun(new CondOp(Then.Select(wanted), Otherwise.Select(wanted))), wanted.ToArray());

    private Tensor[] Derivative(CondOp op, Tensor tuple, ReadOnlySpan<Tensor?> flowing) =>
        Tensor.ApplyMany(op, [.. tuple.Inputs, .. Results(tuple), .. Flags.Given(flowing)]);

    /// <summary>Runs the chosen branch on the caller's buffers.</summary>
    private sealed class CondRun(CondOp op) : IHostFunction
    {
        private readonly Lazy<CompiledFunction> then = new(() => CompiledFunction.For(op.Then));
        private readonly Lazy<CompiledFunction> otherwise = new(() => CompiledFunction.For(op.Otherwise));

        /// <summary>What a branch remembers, for a derivative, may be of its inputs.</summary>
        public bool KeepsInputs { get; } = Array.Exists(op.Then.ResultTypes, type => type.DType == DType.Opaque);

        private CondOp Op => op;

        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            bool holds = inputs[0].Read<byte>()[0] != 0;
            (holds ? then : otherwise).Value.Run(inputs[1..], outputs!);
        }

        public override bool Equals(object? obj) => obj is CondRun other && op.Equals(other.Op);

        public override int GetHashCode() => op.GetHashCode();
    }
}
