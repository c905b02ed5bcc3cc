using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>Trades time for memory: what a function computes on the way is computed again when its derivative needs it.</summary>
internal static class Checkpointing
{
    /// <summary>
    /// f(x), of which only arguments and results are kept for the reverse derivative. What f captured is differentiated as always;
    /// values and derivatives of every order are those of f.
    /// </summary>
    public static TResult Checkpoint<T, TResult>(Func<T, TResult> f, T x)
    {
        (Function function, Tensor[] captures, TResult form) = Traced.Close("checkpoint", f, x, hoist: false);
        return Tree.With(form, Tensor.ApplyMany(new CallOp(function), [.. Tree.Leaves(x), .. captures]));
    }

    /// <summary>A closed function as one operation, whose derivatives are calls of the function's derivatives.</summary>
    private sealed record CallOp(Function Function) : MultiOp
    {
        public override string Name => "checkpoint";

        public override int? Degree(ReadOnlySpan<int> inputs) => Degrees.Highest(Function, inputs);

        public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => Function.ResultTypes;

        public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
        {
            Tensor[] all = Differentiation.OrZeros(cotangents, Function.Results);
            IEnumerable<Tensor> flowing = Function.MovableResults.Select(i => all[i]);
            Tensor[] pulled = Tensor.ApplyMany(new CallOp(Function.Vjp(needed)), [.. tuple.Inputs, .. flowing]);
            return Flags.Spread<Tensor>(needed, pulled);
        }

        public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
        {
            var call = new CallOp(Function.Jvp(Flags.Present(tangents)));
            Tensor[] pushed = Tensor.ApplyMany(call, [.. tuple.Inputs, .. Flags.Given(tangents)]);
            var all = new Tensor?[Function.Results.Length];
            int next = all.Length;
            foreach (int i in Function.MovableResults)
                all[i] = pushed[next++];
            return all;
        }

        public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Tensor.ApplyMany(new CallOp(Function.Vmap(batched, size)), inputs.ToArray());

        public override View[] LowerAll(
            IEmitter emitter,
            ReadOnlySpan<View> inputs,
            ReadOnlySpan<TensorType> results,
            ReadOnlySpan<bool> wanted
        ) => emitter.Inline(Function, inputs);
    }
}
