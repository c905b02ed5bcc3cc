using System.Runtime.CompilerServices;
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
    private readonly byte dtype;
    private InputList inputs;

    /// <summary>The elements once computed (a <see cref="Buffer"/>); until then, if there are any, <see cref="Siblings"/>.</summary>
    private object? outcome;
    private ushort pendingDepth;

    /// <param name="op">The operation.</param>
    /// <param name="inputs">What it is applied to.</param>
    /// <param name="type">The type of the result.</param>
    /// <param name="origin">What is taken over from the inputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Tensor(Op op, InputList inputs, TensorType type, Origin origin)
    {
        Op = op;
        this.inputs = inputs;
        dtype = (byte)type.DType;
        Shape = type.Shape;
        if (origin.HiddenBy is { } hiding)
            HiddenBy = hiding;
        pendingDepth = (ushort)origin.Depth;
        Likeness = origin.Likeness;
        Id = NodeId.Above(origin.NewestId);
    }

    /// <summary>A node of two inputs, as most are: what it takes over from them is read only when it is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Tensor(Op op, Tensor a, Tensor b, DType dtype, Shape shape)
    {
        Op = op;
        inputs = new InputList(a, b);
        Shape = shape;
        this.dtype = (byte)dtype;
        if (a.HiddenBy is not null || b.HiddenBy is not null)
            HiddenBy = Hiding(a, b);
        pendingDepth = (ushort)(Math.Max(a.pendingDepth, b.pendingDepth) + 1);
        Likeness = (((op.Hash * 31) + a.Likeness) * 31) + b.Likeness;
        Id = NodeId.Above(Math.Max(a.Id, b.Id));
    }

    /// <summary>A leaf, or a stand-in.</summary>
    private Tensor(Op op, TensorType type, Trace? trace = null)
        : this(op, default, type, new Origin { HiddenBy = trace, Likeness = type.GetHashCode() }) { }

    /// <summary>A shared number: older than all nodes.</summary>
    private Tensor(LiteralOp number, DType dtype)
    {
        Op = number;
        this.dtype = (byte)dtype;
        Likeness = Type.GetHashCode();
    }

    /// <summary>The extents of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The type of the elements.</summary>
    public DType DType => (DType)dtype;

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Length => Shape.Length;

    internal Op Op { get; }

    /// <summary>
    /// Grows from inputs to results, so ids order any graph topologically. Threads count for themselves, each on from the newest node that it
    /// has met: ids of different threads may be equal. Plain numbers may be younger than what they enter.
    /// </summary>
    internal long Id { get; }

    /// <summary>
    /// The trace that hides this node's value, if there is one: the one that a stand-in belongs to, or else, of those that hide an input, the one that
    /// does so for longest.
    /// </summary>
    internal Trace? HiddenBy { get; private set; }

    /// <summary>Whether this is a number that the nodes written with it share (<see cref="Shared"/>).</summary>
    internal bool IsShared => Id == 0;

    internal bool IsTraced => HiddenBy is { Hides: true };

    /// <summary>What the operation is applied to; empty once the value is known.</summary>
    internal InputList Inputs => InputList.Own(ref inputs);

    /// <summary>The inputs as they were written, shared numbers among them: for reading only what they are.</summary>
    internal InputList InputsAsWritten => InputList.Read(ref inputs);

    /// <summary>The inputs in an array, which must not be changed.</summary>
    internal Tensor[] InputArray => Inputs.ToArray();

    /// <summary>The elements, once computed.</summary>
    internal Buffer? Value =>
        Volatile.Read(ref outcome) is { } known and not Tensor[] ? Unsafe.As<Buffer>(known) : null;

    /// <summary>Whether nothing is known of the value, and nothing is computed together with it.</summary>
    internal bool IsPlain => Volatile.Read(ref outcome) is null;

    internal TensorType Type => new(DType, Shape);

    /// <summary>Whether its value was once computed on the way to another's, and not kept.</summary>
    internal bool WasPassed { get; set; }

    /// <summary>
    /// A hash of the expression without its data: equal for nodes that were made alike. A loop thus finds what it computed the last time.
    /// </summary>
    internal int Likeness { get; private set; }

    /// <summary>Results of one transform, which are computed together when one of them is.</summary>
    internal Tensor[]? Together => Siblings is { } siblings && Op is not MultiOp ? siblings : null;

    /// <summary>
    /// Of a tuple whose trace retains, its results: they are computed together, so that the derivative that will be asked for finds what it needs.
    /// </summary>
    internal Tensor[]? Parts => Siblings is { } siblings && Op is MultiOp ? siblings : null;

    private Tensor[]? Siblings => Volatile.Read(ref outcome) as Tensor[];

    /// <summary>Marks results that are computed together: reading one computes all.</summary>
    internal static void Bind(Tensor[] results)
    {
        foreach (Tensor result in results)
        {
            // Another thread may compute the node meanwhile: a value stays.
            object? before = Volatile.Read(ref result.outcome);
            if (before is null or Tensor[])
                Interlocked.CompareExchange(ref result.outcome, results, before);
        }
    }

    /// <summary>Stores the computed value and lets go of the inputs, unless a derivative may still be asked for.</summary>
    internal void Complete(Buffer elements)
    {
        Volatile.Write(ref outcome, elements);
        if (HiddenBy is not { Retains: true })
            InputList.Drop(ref inputs);
        pendingDepth = 0;
        Likeness = Type.GetHashCode();
    }
}
