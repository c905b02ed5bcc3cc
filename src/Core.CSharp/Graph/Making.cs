using System.Runtime.CompilerServices;
using Implicit.Graph;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit;

// How nodes are made.
public sealed partial class Tensor
{
    /// <summary>A chain of unevaluated nodes longer than this evaluates itself, so that a loop which never reads a
    /// value does not grow without bound.</summary>
    private const int LongestPendingChain = 1000;

    /// <summary>The largest id of a variable of any thread.</summary>
    private static long newestVariable;

    private static readonly Tensor?[] RecentNumbers = new Tensor?[64];

    /// <summary>Applies an operation: checks and infers the type, and makes the node.</summary>
    internal static Tensor Apply(Op op, params Tensor[] inputs) =>
        Make(op, new InputList(inputs), op.Infer(Types(inputs)));

    /// <inheritdoc cref="Apply(Op, Tensor[])"/>
    internal static Tensor Apply(Op op, Tensor input)
    {
        if (input is null)
            Throw.Missing(op.Name, "the tensor");
        return Make(op, new InputList(input), op.Infer([input.Type]));
    }

    /// <inheritdoc cref="Apply(Op, Tensor[])"/>
    internal static Tensor Apply(Op op, Tensor a, Tensor b) => Make(op, a, b, op.Infer([a.Type, b.Type]));

    /// <summary>Makes a node whose type is known.</summary>
    internal static Tensor Make(Op op, InputList inputs, TensorType type) =>
        Made(new Tensor(op, inputs, type, Origin.Of(op, inputs, type)));

    /// <inheritdoc cref="Make(Op, InputList, TensorType)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor Make(Op op, Tensor a, Tensor b, TensorType type) =>
        Made(new Tensor(op, a, b, type.DType, type.Shape));

    /// <summary>Applies an operation with several results.</summary>
    internal static Tensor[] ApplyMany(MultiOp op, params Tensor[] inputs)
    {
        TensorType[] types = op.InferAll(Types(inputs));
        Tensor tuple = Make(op, new InputList(inputs), TensorType.Opaque);
        Tensor[] results = Project(tuple, types);
        // A copy: callers put what they make of a result in its place.
        if (tuple.HiddenBy is { Retains: true })
            tuple.outcome = (Tensor[])results.Clone();
        return results;
    }

    /// <summary>The results of a tuple node, by their types.</summary>
    internal static Tensor[] Project(Tensor tuple, TensorType[] types)
    {
        var results = new Tensor[types.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = Make(new ProjectOp(i), new InputList(tuple), types[i]);
        return results;
    }

    /// <summary>A stand-in for an argument without a value.</summary>
    internal static Tensor Parameter(TensorType type, Trace trace) => new(ParameterOp.Instance, type, trace);

    /// <summary>A stand-in for an argument that has one: the unique node that a transform differentiates by.</summary>
    internal static Tensor Variable(Tensor value, Trace trace)
    {
        var inputs = new InputList(value);
        var origin = Origin.Of(VariableOp.Instance, inputs, value.Type, trace);
        Tensor variable = new(VariableOp.Instance, inputs, value.Type, origin);
        long known = Volatile.Read(ref newestVariable);
        while (variable.Id > known)
        {
            long met = Interlocked.CompareExchange(ref newestVariable, variable.Id, known);
            known = met == known ? variable.Id : met;
        }
        return variable;
    }

    /// <summary>
    /// An id above those of all nodes that this thread has met, and below those that it makes from now on; also above those of all variables, whatever
    /// thread made them: what a transform differentiates by must not be taken for a part of what is traced on another thread later.
    /// </summary>
    internal static long NextAge() => NodeId.Above(Volatile.Read(ref newestVariable));

    /// <summary>A leaf that holds elements.</summary>
    internal static Tensor Data(Buffer elements, Shape shape) =>
        new(DataOp.Instance, new TensorType(elements.DType, shape)) { outcome = elements };

    /// <summary>A plain number. Its value is data, not structure: a loop that changes it reuses its plan.</summary>
    internal static Tensor Literal(double number, DType dtype) =>
        new(LiteralOp.Of(number), new TensorType(dtype, Shape.Scalar));

    /// <summary>A node's own tensor for the shared number that it was written with.</summary>
    internal static Tensor Literal(Tensor shared) => new(shared.Op, shared.Type);

    /// <summary>
    /// A plain number as an operand, which the nodes written with it lately share. It stands nowhere else: whether two numbers of a graph are equal
    /// is no part of its structure, so whoever asks a node for its inputs sees a tensor of its own instead.
    /// </summary>
    internal static Tensor Shared(double number, DType dtype)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(number);
        ref Tensor? recent = ref RecentNumbers[((bits + (ulong)dtype) * 0x9E3779B97F4A7C15) >> 58];
        Tensor? known = recent;
        bool isKnown = known is { Op: LiteralOp op } && op.Bits == bits && known.DType == dtype;
        return isKnown ? known! : recent = new Tensor(LiteralOp.Of(number), dtype);
    }

    internal static TensorType[] Types(ReadOnlySpan<Tensor> tensors)
    {
        var types = new TensorType[tensors.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = tensors[i].Type;
        return types;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tensor Made(Tensor node)
    {
        if (node.pendingDepth > LongestPendingChain)
            EndChain(node);
        return node;
    }

    private static void EndChain(Tensor node)
    {
        // A chain that may not end here grows on: its length has few bits.
        node.pendingDepth = LongestPendingChain;
        // Not within a trace: a derivative may be under way that needs the graph as it is.
        if (!Graph.Trace.AnyOpen && !node.IsTraced && node.DType != DType.Opaque)
            Evaluator.Current.Evaluate([node]);
    }
}
