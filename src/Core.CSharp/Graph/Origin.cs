using System.Runtime.CompilerServices;
using Implicit.Graph;

namespace Implicit;

// What a node takes over from its inputs.
public sealed partial class Tensor
{
    /// <summary>What hides a node of two inputs of which one at least depends on a trace.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Trace? Hiding(Tensor a, Tensor b) => Longest(Longest(null, a), b);

    /// <summary>Of a trace and the one that hides an input, the one that hides for longer, if there is any.</summary>
    private static Trace? Longest(Trace? known, Tensor input) =>
        input.HiddenBy is { Hides: true } hiding && (known is null || hiding.Outlasts(known)) ? hiding : known;

    /// <summary>What a node takes over from its inputs, gathered before it is written.</summary>
    private struct Origin
    {
        public Trace? HiddenBy { get; set; }

        public int Likeness { get; set; }

        public int Depth { get; private set; }

        public long NewestId { get; private set; }

        public static Origin Of(Op op, InputList inputs, TensorType type, Trace? trace = null)
        {
            var origin = new Origin { HiddenBy = trace, Likeness = inputs.IsEmpty ? type.GetHashCode() : op.Hash };
            foreach (Tensor input in inputs)
                origin.Add(input);
            return origin;
        }

        private void Add(Tensor input)
        {
            Depth = Math.Max(Depth, input.pendingDepth + 1);
            NewestId = Math.Max(NewestId, input.Id);
            Likeness = (Likeness * 31) + input.Likeness;
            HiddenBy = Longest(HiddenBy, input);
        }
    }
}
