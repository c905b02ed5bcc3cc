using System.Runtime.CompilerServices;
using Implicit.Graph;

namespace Implicit;

// What a node takes over from its inputs.
public sealed partial class Tensor
{
    /// <summary>The marks of a new node, not computed yet.</summary>
    private static byte Mixed(int marks, int likeness) => (byte)((marks + likeness) & ~1);

    /// <summary>What hides a node of two inputs of which one at least depends on a trace.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Trace? Hiding(Tensor a, Tensor b)
    {
        Trace? first = a.HiddenBy is { Hides: true } hiding ? hiding : null;
        return b.HiddenBy is { Hides: true } other && (first is null || other.Level < first.Level) ? other : first;
    }

    /// <summary>What a node takes over from its inputs, gathered before it is written.</summary>
    private struct Origin
    {
        /// <summary>How many the thread has made: leaves differ in nothing else that a node takes over.</summary>
        [ThreadStatic]
        private static int leaves;

        public Trace? HiddenBy { get; private set; }

        public int Likeness { get; private set; }

        public int Depth { get; private set; }

        public long NewestId { get; private set; }

        /// <summary>The sum of the inputs': a result of the node that differs from another is told apart too.</summary>
        public int Marks { get; private set; }

        public static Origin OfLeaf(TensorType type, Trace? trace) =>
            new()
            {
                HiddenBy = trace,
                Likeness = type.GetHashCode(),
                Marks = 2 * ++leaves,
            };

        public static Origin Of(Op op, InputList inputs, TensorType type, Trace? trace = null)
        {
            if (inputs.IsEmpty)
                return OfLeaf(type, trace);
            var origin = new Origin { HiddenBy = trace, Likeness = op.Hash };
            foreach (Tensor input in inputs)
                origin.Add(input);
            return origin;
        }

        private void Add(Tensor input)
        {
            Depth = Math.Max(Depth, input.pendingDepth + 1);
            NewestId = Math.Max(NewestId, input.Id);
            Marks += input.marks;
            Likeness = (Likeness * 31) + input.Likeness;
            if (input.HiddenBy is { Hides: true } hiding && (HiddenBy is null || hiding.Level < HiddenBy.Level))
                HiddenBy = hiding;
        }
    }
}
