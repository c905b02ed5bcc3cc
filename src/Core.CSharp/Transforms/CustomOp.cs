using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>
/// A function with derivative rules of the user's: (arguments, captures of the function, of its vjp, of its jvp) → results.
/// </summary>
/// <param name="Primal">(arguments, captures) → results.</param>
/// <param name="Pull">(arguments, results, cotangents, captures) → cotangents of the arguments.</param>
/// <param name="Push">(arguments, results, tangents, captures) → tangents of the results, or null.</param>
/// <param name="Count">The number of arguments.</param>
internal sealed record CustomOp(Function Primal, Function Pull, Function? Push, int Count) : MultiOp
{
    public const string Title = "customDerivative";

    public override string Name => Title;

    private int PullCaptures => Pull.Arguments.Length - Count - (2 * Primal.Results.Length);

    public override int? Degree(ReadOnlySpan<int> inputs) => Degrees.Highest(Primal, inputs[..Primal.Arguments.Length]);

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => Primal.ResultTypes;

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        RefuseCaptures(tuple, needed);
        Tensor[] inputs = tuple.Inputs.ToArray();
        Tensor[] results = Results(tuple);
        int captures = Primal.Arguments.Length;
        Tensor[] pulled = Pull.Apply([
            .. inputs[..Count],
            .. results,
            .. Differentiation.OrZeros(cotangents, results),
            .. inputs[captures..(captures + PullCaptures)],
        ]);
        var all = new Tensor?[inputs.Length];
        pulled.CopyTo(all, 0);
        return all;
    }

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        RefuseCaptures(tuple, Flags.Present(tangents));
        if (Push is null)
        {
            RequireLinear();
            return null;
        }
        Tensor[] inputs = tuple.Inputs.ToArray();
        Tensor[] flowing = Differentiation.OrZeros(tangents[..Count], inputs);
        int captures = Primal.Arguments.Length + PullCaptures;
        return Push.Apply([.. inputs[..Count], .. Results(tuple), .. flowing, .. inputs[captures..]]);
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        // A rule gives a cotangent per item, so every argument has an item axis.
        var mapped = inputs.ToArray();
        bool[] flags = batched.ToArray();
        for (int i = 0; i < Count; i++)
        {
            mapped[i] = Batching.Materialise(inputs[i], batched[i], size);
            flags[i] = true;
        }
        int results = Primal.Results.Length;
        int captures = Primal.Arguments.Length;
        int pushCaptures = captures + PullCaptures;
        var op = new CustomOp(
            Primal.Vmap(flags.AsSpan(0, captures), size),
            Pull.Vmap([.. Flags.All(Count + (2 * results)), .. flags[captures..pushCaptures]], size),
            Push?.Vmap([.. Flags.All(Count + results + Count), .. flags[pushCaptures..]], size),
            Count
        );
        return Tensor.ApplyMany(op, mapped);
    }

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    ) => emitter.Inline(Primal, inputs);

    /// <summary>
    /// Forward mode transposes the rule, which must be linear for that. Of solves in it that is not known, and what it adds to what is linear is not seen.
    /// </summary>
    private void RequireLinear()
    {
        int results = Primal.Results.Length;
        int[] arguments = new int[Pull.Arguments.Length];
        Array.Fill(arguments, 1, Count + results, results);
        var degrees = new Degrees(Pull.Arguments, arguments, Pull.Results);
        foreach (Tensor node in degrees.Dependent.Nodes[arguments.Length..])
            if (!IsLinear(node))
                Throw.Error(
                    Name,
                    "the rule must be linear in the cotangent for forward mode, or there must be a rule for forward mode, too",
                    $"{node.Op.Name} of what depends on the cotangent"
                );

        // What is made of something unknown is not known either.
        bool IsLinear(Tensor node) =>
            degrees[node] is { } degree
                ? degree <= 1
                : !node.Op.IsDegreeKnown || Array.Exists(node.Inputs.ToArray(), input => degrees[input] is null);
    }

    /// <summary>The rules say nothing of what the function captured: its derivative would silently be zero.</summary>
    private void RefuseCaptures(Tensor tuple, ReadOnlySpan<bool> moving)
    {
        for (int i = Count; i < Primal.Arguments.Length; i++)
            if (moving[i])
                Throw.Error(
                    Name,
                    "the function must not capture a tensor that is being differentiated, for which its rules state no derivative: "
                        + "pass it as an argument, or stop its gradient",
                    $"captured tensor {i - Count + 1} of {Primal.Arguments.Length - Count}, the {tuple.Inputs[i].Type} of {tuple.Inputs[i].Op.Name}"
                );
    }
}
