using System.Runtime.CompilerServices;
using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>A function made from another.</summary>
internal interface ICompiled
{
    /// <summary>The user's.</summary>
    Delegate Original { get; }
}

/// <summary>
/// A user's function that is traced once per signature (the form of its argument, with the types of the tensors in it) and then runs as a plan.
/// What it captured is data of the plan, not part of it; where an argument or a capture is being traced, the call becomes part of that graph.
/// </summary>
internal sealed class Compiled<T, TResult>(Func<T, TResult> f) : ICompiled
{
    /// <summary>How many signatures are kept; those found first go first.</summary>
    private const int MostSignatures = 64;

    private readonly Lock gate = new();
    private Signature[] known = [];

    public Delegate Original => f;

    /// <summary>f(x).</summary>
    public TResult Call(T x)
    {
        // Most functions are of one tensor, which needs no array.
        ReadOnlySpan<Tensor> leaves = x is Tensor single ? new ReadOnlySpan<Tensor>(in single) : Tree.Leaves(x);
        foreach (Signature signature in Volatile.Read(ref known))
            if (signature.Fits(x, leaves))
                return signature.Call(leaves);
        return Add(Trace(x, leaves)).Call(leaves);
    }

    /// <summary>
    /// What f captured may change while it is traced, by another thread: then what was traced is neither old nor new, and it is traced again. Where
    /// that happens twice, f does it itself.
    /// </summary>
    private Signature Trace(T x, ReadOnlySpan<Tensor> leaves)
    {
        var signature = new Signature(f, x, leaves);
        return signature.IsSteady ? signature : new Signature(f, x, leaves);
    }

    private Signature Add(Signature signature)
    {
        lock (gate)
        {
            ReadOnlySpan<Signature> current = Array.FindAll(known, one => one.IsCurrent);
            Volatile.Write(ref known, [signature, .. current[..Math.Min(current.Length, MostSignatures - 1)]]);
        }
        return signature;
    }

    /// <summary>What one tracing found.</summary>
    private sealed class Signature
    {
        private readonly T form;
        private readonly TensorType[] types;
        private readonly ClosureState closure;
        private readonly Function function;
        private readonly Tensor[] captures;
        private readonly TResult result;
        private readonly CompiledFunction plan;

        public Signature(Func<T, TResult> f, T x, ReadOnlySpan<Tensor> leaves)
        {
            var seen = ClosureState.Of(f, Tree.Constants(x));
            types = Tensor.Types(leaves);
            T standIns = x;
            TResult traced = default!;
            var open = Function.Trace(
                "compile",
                types,
                all => Escape.Results("compile", traced = f(standIns = Tree.With(x, all))),
                out Tensor[] found
            );
            (form, result) = (standIns, traced);
            IsSteady = seen.IsCurrent;
            closure = IsSteady ? seen : ClosureState.Of(f, Tree.Constants(form));
            captures = Array.FindAll(found, tensor => tensor.Op is not LiteralOp);
            function = WithNumbers(open, found);
            plan = CompiledFunction.For(function);
            RequireValues(form);
        }

        /// <summary>Whether the function captured after the tracing what it had captured before.</summary>
        public bool IsSteady { get; }

        /// <summary>Whether the function still captures what it captured.</summary>
        public bool IsCurrent => closure.IsCurrent;

        public bool Fits(T x, ReadOnlySpan<Tensor> leaves)
        {
            if (leaves.Length != types.Length)
                return false;
            for (int i = 0; i < types.Length; i++)
                if (leaves[i].DType != types[i].DType || leaves[i].Shape != types[i].Shape)
                    return false;
            return Tree.HaveOneForm(form, x) && IsCurrent;
        }

        public TResult Call(ReadOnlySpan<Tensor> leaves) =>
            AnyTraced(leaves) || AnyTraced(captures)
                ? Tree.With(result, function.Apply([.. leaves, .. captures]))
                : Run(leaves);

        private TResult Run(ReadOnlySpan<Tensor> leaves)
        {
            Reading.Force(leaves);
            Reading.Force(captures);
            int given = leaves.Length + captures.Length;
            int count = given + plan.ResultTypes.Length;
            FewBuffers few = default;
            Span<Buffer> buffers = few;
            buffers = count <= buffers.Length ? buffers[..count] : new Buffer[count];
            for (int i = 0; i < leaves.Length; i++)
                buffers[i] = leaves[i].Value!;
            for (int i = 0; i < captures.Length; i++)
                buffers[leaves.Length + i] = captures[i].Value!;
            Span<Buffer> values = buffers[given..];
            plan.AllocateResults(values);
            plan.Run(buffers[..given], values);
            return AsTensors(values);
        }

        private TResult AsTensors(ReadOnlySpan<Buffer> values)
        {
            FewTensors few = default;
            Span<Tensor> tensors = few;
            tensors = values.Length <= tensors.Length ? tensors[..values.Length] : new Tensor[values.Length];
            for (int i = 0; i < tensors.Length; i++)
                tensors[i] = Tensor.Data(values[i], plan.ResultTypes[i].Shape);
            return Tree.With(result, tensors);
        }

        /// <summary>Plain numbers in the body are part of it; only tensors are bound in each call.</summary>
        private static Function WithNumbers(Function open, Tensor[] found)
        {
            TensorType[] types = open.ArgumentTypes;
            int count = open.ParameterCount;
            bool[] isBound = [.. Flags.All(count), .. found.Select(tensor => tensor.Op is not LiteralOp)];
            return Function.TraceClosed(
                "compile",
                [.. types.Where((_, i) => isBound[i])],
                all =>
                {
                    int next = 0;
                    return open.Apply([.. isBound.Select((bound, i) => bound ? all[next++] : found[i - count])]);
                }
            );
        }

        /// <summary>An array of numbers could change behind the trace's back.</summary>
        private static void RequireValues(T form) =>
            Throw.Unless(
                !Tree.Constants(form).Any(constant => constant is Array),
                "compile",
                "the argument must hold tensors and single values: pass an array of numbers as a tensor",
                $"{typeof(T)}"
            );

        private static bool AnyTraced(ReadOnlySpan<Tensor> tensors)
        {
            foreach (Tensor tensor in tensors)
                if (tensor.IsTraced)
                    return true;
            return false;
        }
    }

    /// <summary>Arguments and results of a call, on the stack.</summary>
    [InlineArray(16)]
    private struct FewBuffers
    {
        private Buffer first;
    }

    /// <summary>Results of a call, on the stack.</summary>
    [InlineArray(4)]
    private struct FewTensors
    {
        private Tensor first;
    }
}
