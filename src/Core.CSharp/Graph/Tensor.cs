using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit;

/// <summary>
/// An immutable array of numbers, held as the expression that computes it: an operation, its inputs, a shape and an element
/// type, and the value once something has asked for it.
/// </summary>
/// <remarks>
/// Building an expression checks shapes and types at once and computes nothing; reading a value (printing,
/// <c>ToArray</c>, <c>ToDouble</c>) computes it once. There is nothing to dispose.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>A chain of unevaluated nodes longer than this evaluates itself, so that a loop which never reads a
    /// value does not grow without bound.</summary>
    private const int LongestPendingChain = 1000;

    [ThreadStatic]
    private static long newestId;

    private Tensor[] inputs;
    private Buffer? value;
    private int pendingDepth;

    /// <param name="op">The operation.</param>
    /// <param name="inputs">What it is applied to.</param>
    /// <param name="type">The type of the result.</param>
    /// <param name="trace">The trace that a stand-in belongs to. What hides a node longest is the outermost trace that hides an input.</param>
    private Tensor(Op op, Tensor[] inputs, TensorType type, Trace? trace)
    {
        Op = op;
        this.inputs = inputs;
        DType = type.DType;
        Shape = type.Shape;
        long newest = newestId;
        int depth = 0;
        int likeness = inputs.Length == 0 ? type.GetHashCode() : op.Hash;
        foreach (Tensor input in inputs)
        {
            depth = Math.Max(depth, input.pendingDepth + 1);
            newest = Math.Max(newest, input.Id);
            likeness = (likeness * 31) + input.Likeness;
            if (input.HiddenBy is { Hides: true } hiding && (trace is null || hiding.Level < trace.Level))
                trace = hiding;
        }
        pendingDepth = depth;
        Likeness = likeness;
        HiddenBy = trace;
        Id = newestId = newest + 1;
    }

    /// <summary>The extents of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Length => Shape.Length;

    internal Op Op { get; }

    /// <summary>
    /// Grows from inputs to results, so ids order any graph topologically. Threads count for themselves, each on from the newest node that it
    /// has met: ids of different threads may be equal.
    /// </summary>
    internal long Id { get; }

    /// <summary>The open trace that hides this node's value, if there is one.</summary>
    internal Trace? HiddenBy { get; }

    internal bool IsTraced => HiddenBy is { Hides: true };

    /// <summary>What the operation is applied to; empty once the value is known.</summary>
    internal ReadOnlySpan<Tensor> Inputs => Volatile.Read(ref inputs);

    internal Tensor[] InputArray => Volatile.Read(ref inputs);

    /// <summary>The elements, once computed.</summary>
    internal Buffer? Value => Volatile.Read(ref value);

    internal TensorType Type => new(DType, Shape);

    /// <summary>Whether its value was once computed on the way to another's, and not kept.</summary>
    internal bool WasPassed { get; set; }

    /// <summary>
    /// A hash of the expression without its data: equal for nodes that were made alike. A loop thus finds what it computed the last time.
    /// </summary>
    internal int Likeness { get; private set; }

    /// <summary>Results of one transform, which are computed together when one of them is.</summary>
    internal Tensor[]? Together { get; private set; }

    /// <summary>
    /// Of a tuple whose trace retains, its results: they are computed together, so that the derivative that will be asked for finds what it needs.
    /// </summary>
    internal Tensor[]? Parts { get; private set; }

    /// <summary>Applies an operation: checks and infers the type, and makes the node.</summary>
    internal static Tensor Apply(Op op, params Tensor[] inputs) => Make(op, inputs, op.Infer(Types(inputs)));

    /// <inheritdoc cref="Apply(Op, Tensor[])"/>
    internal static Tensor Apply(Op op, Tensor input) => Make(op, [input], op.Infer([input.Type]));

    /// <inheritdoc cref="Apply(Op, Tensor[])"/>
    internal static Tensor Apply(Op op, Tensor a, Tensor b) => Make(op, [a, b], op.Infer([a.Type, b.Type]));

    /// <summary>Makes a node whose type is known.</summary>
    internal static Tensor Make(Op op, Tensor[] inputs, TensorType type)
    {
        var node = new Tensor(op, inputs, type, trace: null);
        // Not within a trace: a derivative may be under way that needs the graph as it is.
        if (
            node.pendingDepth > LongestPendingChain
            && !Graph.Trace.AnyOpen
            && !node.IsTraced
            && type.DType != DType.Opaque
        )
            Evaluator.Current.Evaluate([node]);
        return node;
    }

    /// <summary>Applies an operation with several results.</summary>
    internal static Tensor[] ApplyMany(MultiOp op, params Tensor[] inputs)
    {
        TensorType[] types = op.InferAll(Types(inputs));
        Tensor tuple = Make(op, inputs, TensorType.Opaque);
        var results = new Tensor[types.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = Make(new ProjectOp(i), [tuple], types[i]);
        if (tuple.HiddenBy is { Retains: true })
            tuple.Parts = results;
        return results;
    }

    /// <summary>A stand-in for an argument without a value.</summary>
    internal static Tensor Parameter(TensorType type, Trace trace) => new(ParameterOp.Instance, [], type, trace);

    /// <summary>A stand-in for an argument that has one: the unique node that a transform differentiates by.</summary>
    internal static Tensor Variable(Tensor value, Trace trace) => new(VariableOp.Instance, [value], value.Type, trace);

    /// <summary>A leaf that holds elements.</summary>
    internal static Tensor Data(Buffer elements, Shape shape) =>
        new(DataOp.Instance, [], new TensorType(elements.DType, shape), trace: null) { value = elements };

    /// <summary>A plain number. Its value is data, not structure: a loop that changes it reuses its plan.</summary>
    internal static Tensor Literal(double number, DType dtype) =>
        new(LiteralOp.Of(number), [], new TensorType(dtype, Shape.Scalar), trace: null);

    /// <summary>Marks results that are computed together: reading one computes all.</summary>
    internal static void Bind(Tensor[] results)
    {
        foreach (Tensor result in results)
            result.Together = results;
    }

    internal static TensorType[] Types(ReadOnlySpan<Tensor> tensors)
    {
        var types = new TensorType[tensors.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = tensors[i].Type;
        return types;
    }

    /// <summary>Stores the computed value and lets go of the inputs, unless a derivative may still be asked for.</summary>
    internal void Complete(Buffer elements)
    {
        Volatile.Write(ref value, elements);
        if (HiddenBy is not { Retains: true })
            Volatile.Write(ref inputs, []);
        Together = null;
        pendingDepth = 0;
        Likeness = Type.GetHashCode();
    }
}
