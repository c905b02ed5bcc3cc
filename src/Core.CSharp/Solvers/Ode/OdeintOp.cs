using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The solution of an initial value problem: (y₀ leaves, captures, times [m]) → (leaves at the times [m, …], record of the steps).
/// </summary>
/// <remarks>
/// Derivatives are those of the discrete solution along the steps that were accepted (or of the continuous adjoint, if so wanted), and
/// with respect to times those of the exact flow: ∂y(tⱼ)/∂tⱼ = f(tⱼ, yⱼ), and a later start acts as a displacement of the initial state by
/// −f(t₀, y₀).
/// </remarks>
internal sealed record OdeintOp(OdeProblem Problem) : MultiOp
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
        Tensor? dt = tangents[^1] is { } moved ? Tensor.Cast(moved, Problem.Time.DType) : null;
        Tensor[] start = [.. node.Y0.Zip(tangents[..Leaves].ToArray(), (y, dy) => dy ?? Tensor.ZerosLike(y))];
        if (dt is not null)
            start = [.. start.Zip(node.InitialSlope(this), (dy, slope) => dy - (slope * dt[0]))];
        Tensor[] moving = ReplayOp.Push(
            Problem,
            node.Y0,
            start,
            node.Captures,
            tangents.Slice(Leaves, Captures),
            node.Record,
            node.Times.Length
        );
        if (dt is not null)
            moving = [.. moving.Zip(node.Slopes(this), (dy, slope) => dy + (slope * AsRows(dt, slope)))];
        return [.. moving, null];
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Node node = Read(tuple);
        Tensor[] rows = [.. node.Rows.Zip(cotangents[..Leaves].ToArray(), (y, w) => w ?? Tensor.ZerosLike(y))];
        ReadOnlySpan<bool> wanted = needed.Slice(Leaves, Captures);
        Tensor?[] pulled = Problem.Options.Adjoint is Adjoint.Backsolve adjoint
            ? ContinuousAdjoint.Pull(Problem, adjoint, node.Rows, rows, node.Captures, wanted, node.Times)
            : ReplayVjpOp.Pull(Problem, node.Y0, node.Captures, node.Record, rows, wanted);
        return [.. pulled, needed[^1] ? TimeCotangent(node, rows, pulled[..Leaves]) : null];
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Mapping.Map(this, inputs, batched, size);

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    )
    {
        // The states come as a whole; the record is made only if a derivative reads it.
        bool[] all = [.. Enumerable.Repeat(true, Leaves), wanted[^1]];
        return emitter.Host(new OdeintRun(Problem, wanted[^1]), inputs, results, all);
    }

    /// <summary>The types of leaves with a time axis in front.</summary>
    public static IEnumerable<TensorType> Trajectories(TensorType[] state, int times) =>
        state.Select(type => type with { Shape = type.Shape.Prepend(times) });

    /// <summary>t̄ⱼ = ⟨ȳⱼ, f(tⱼ, yⱼ)⟩, less the effect of the start on all that follows, ⟨ȳ₀, f(t₀, y₀)⟩, at the first.</summary>
    private Tensor TimeCotangent(Node node, Tensor[] rows, Tensor?[] start)
    {
        Tensor perTime = rows.Zip(
                node.Slopes(this),
                (w, slope) => Tensor.Sum(Tensor.Reshape(w * slope, [w.Shape[0], w.Length / w.Shape[0]]), 1)
            )
            .Aggregate((a, b) => a + b);
        Tensor atStart = start
            .Zip(node.InitialSlope(this), (w, slope) => Tensor.Sum(w! * slope))
            .Aggregate((a, b) => a + b);
        int count = perTime.Length;
        Tensor isFirst = Tensor.Cast(Tensor.Equal(Tensor.Arange(count), 0.0), perTime.DType);
        return Tensor.Cast(perTime - (atStart * isFirst), node.Times.DType);
    }

    private static Tensor AsRows(Tensor perTime, Tensor like) =>
        Tensor.Reshape(perTime, (int[])[perTime.Length, .. Enumerable.Repeat(1, like.Rank - 1)]);

    private Node Read(Tensor tuple)
    {
        Tensor[] results = Results(tuple);
        Tensor[] inputs = tuple.InputArray;
        return new Node(inputs[..Leaves], inputs[Leaves..^1], inputs[^1], results[..Leaves], results[^1]);
    }

    /// <summary>What a node of this operation was applied to and gave.</summary>
    private sealed record Node(Tensor[] Y0, Tensor[] Captures, Tensor Times, Tensor[] Rows, Tensor Record)
    {
        /// <summary>f(tⱼ, yⱼ) for all output times, as rows.</summary>
        public Tensor[] Slopes(OdeintOp op)
        {
            bool[] batched = [true, .. Enumerable.Repeat(true, op.Leaves), .. new bool[op.Captures]];
            Tensor times = Tensor.Cast(Times, op.Problem.Time.DType);
            return op.Problem.Field.Vmap(batched, Times.Length).Apply([times, .. Rows, .. Captures]);
        }

        /// <summary>f(t₀, y₀).</summary>
        public Tensor[] InitialSlope(OdeintOp op) =>
            StepFunctions.Evaluate(op.Problem, Tensor.Cast(Times[0], op.Problem.Time.DType), Y0, Captures);
    }
}
