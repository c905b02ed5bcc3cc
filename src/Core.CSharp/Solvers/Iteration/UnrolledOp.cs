using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>
/// A solution that is differentiated through the steps to it: (start [n], captures) → (z [n], how many steps were taken); of a batch with an
/// axis of items in front.
/// </summary>
/// <remarks>The derivative takes the same steps again, as many as the solve found that it needs, as a loop that is differentiated.</remarks>
/// <param name="Problem">The problem.</param>
/// <param name="Items">The batch, if there is one.</param>
/// <param name="OnFail">What is given for a problem that is not solved.</param>
internal sealed record UnrolledOp(IReplayable Problem, ItemAxis? Items, OnFail OnFail) : HostOp
{
    public override string Name => Problem.Name;

    public override bool IsCostly => true;

    /// <summary>(start, number of steps, captures) → z.</summary>
    private Function Replay => Items is null ? Problem.Replay() : Items.Map(Problem.Replay(), 2, Items.Size);

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [inputs[0], new TensorType(DType.Int64, Items is null ? [] : [Items.Size])];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents) =>
        [
            Replay.Tangent(Arguments(tuple), [tangents[0], null, .. tangents[1..]]) is { } tangent
                ? OfSolved(tuple, tangent)
                : null,
            null,
        ];

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        if (cotangents[0] is not { } cotangent)
            return new Tensor?[needed.Length];
        Tensor weight = OfSolved(tuple, cotangent);
        Tensor?[] pulled = Replay.Cotangent(Arguments(tuple), weight, [needed[0], false, .. needed[1..]]);
        return [pulled[0], .. pulled[2..]];
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Items is not null
            ? Mapping.Map(this, inputs, batched, size)
            : Tensor.ApplyMany(
                this with
                {
                    Items = new([.. batched[1..]], size),
                },
                [Batching.Materialise(inputs[0], batched[0], size), .. inputs[1..]]
            );

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (Problem.Runner(Items, OnFail), [true, true]);

    private Tensor OfSolved(Tensor tuple, Tensor all) =>
        OnFail == OnFail.Nan ? StandIns.Without(StandIns.In(Results(tuple)[0]), all) : all;

    /// <summary>What the steps are taken again with; those of an item that failed are those of one that is solved, or none.</summary>
    private Tensor[] Arguments(Tensor tuple)
    {
        Tensor[] inputs = tuple.InputArray;
        (Tensor z, Tensor steps) = (Results(tuple)[0], Results(tuple)[1]);
        if (OnFail == OnFail.Nan)
        {
            var standIns = new StandIns(Items, z);
            steps = standIns.Of(Tensor.Where(standIns.Failed, Tensor.ZerosLike(steps), steps));
            inputs = standIns.Of(inputs)!;
        }
        return [inputs[0], steps, .. inputs[1..]];
    }
}
