using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>Loops over a sequence, a number of times, and as long as a condition holds, as ordinary functions of trees.</summary>
internal static class Loops
{
    /// <summary>
    /// Calls <paramref name="step"/> once per element of <paramref name="xs"/> along axis 0, handing the carry on. Differentiable in both modes
    /// and to every order, with respect to the first carry, the elements and whatever the step captured.
    /// </summary>
    /// <param name="step">(carry, element) → (carry of the same types, output).</param>
    /// <param name="init">The first carry.</param>
    /// <param name="xs">Sequences: the extent of axis 0 of every leaf is the number of steps.</param>
    /// <param name="length">The number of steps; needed only if xs holds no tensors.</param>
    /// <param name="reverse">Whether to go from the last element to the first; outputs stay at their element's place.</param>
    /// <returns>The last carry, and the outputs with the steps along axis 0.</returns>
    public static (TCarry Carry, TOutput Outputs) Scan<TCarry, TElement, TOutput>(
        Func<TCarry, TElement, (TCarry, TOutput)> step,
        TCarry init,
        TElement xs,
        int? length = null,
        bool reverse = false
    )
    {
        Tensor[] carries = Tree.Leaves(init);
        Tensor[] sequences = Tree.Leaves(xs);
        int steps = Steps(sequences, length);
        TOutput? form = default;
        Function body = Function.Trace(
            "scan",
            [.. Tensor.Types(carries), .. sequences.Select(Element)],
            all =>
            {
                TElement element = Tree.With(xs, all.AsSpan(carries.Length));
                (TCarry carry, TOutput output) = step(Tree.With(init, all.AsSpan(0, carries.Length)), element);
                form = output;
                return [.. Handed("scan", init, carry), .. Escape.Results("scan", output)];
            },
            out Tensor[] captures
        );
        var op = new ScanOp(new LoopBody(body, carries.Length, sequences.Length), steps, reverse);
        Tensor[] results = Tensor.ApplyMany(op, [.. carries, .. sequences, .. captures]);
        return (
            Tree.With(init, results.AsSpan(0, carries.Length)),
            Tree.With(form!, results.AsSpan(carries.Length)[..^1])
        );
    }

    /// <summary>
    /// Calls <paramref name="step"/> a number of times that is known only when the loop runs. Differentiable in both modes and to every order,
    /// with respect to the first state and whatever the step captured; under vmap each item takes its own number of steps.
    /// </summary>
    /// <param name="step">State → state of the same types.</param>
    /// <param name="init">The first state.</param>
    /// <param name="count">The number of steps, an int64 scalar that is not negative.</param>
    public static Tensor[] Repeat(Func<Tensor[], Tensor[]> step, Tensor[] init, Tensor count)
    {
        Throw.Unless(
            count.DType == DType.Int64 && count.Rank == 0,
            "scan",
            "the number of steps must be one whole number",
            $"{count.Type}"
        );
        Function body = Function.Trace(
            "scan",
            [.. Tensor.Types(init), count.Type],
            all => Handed("scan", init, step(all[..^1])),
            out Tensor[] captures
        );
        var op = new ScanOp(new LoopBody(body, init.Length, 0), Length: 0, Reverse: false) { IsCounted = true };
        return Tensor.ApplyMany(op, [.. init, count, .. captures])[..^1];
    }

    /// <summary>
    /// Calls <paramref name="step"/> on the state as long as <paramref name="condition"/> holds. Forward mode only, since what reverse mode would
    /// have to keep has no bound; under vmap each item stops by itself.
    /// </summary>
    /// <param name="condition">State → bool scalar.</param>
    /// <param name="step">State → state of the same types.</param>
    /// <param name="init">The first state.</param>
    /// <param name="maxSteps">The number of steps after which the loop is taken for endless.</param>
    /// <exception cref="TensorException">The condition still holds after so many steps.</exception>
    public static T While<T>(Func<T, Tensor> condition, Func<T, T> step, T init, int maxSteps = 1_000_000)
    {
        Throw.Unless(maxSteps > 0, "whileLoop", "maxSteps must be positive", $"{maxSteps}");
        Tensor[] states = Tree.Leaves(init);
        TensorType[] types = Tensor.Types(states);
        Function test = Function.Trace(
            "whileLoop",
            types,
            all => [Truth("whileLoop", condition(Tree.With(init, all)))],
            out Tensor[] tested
        );
        Function body = Function.Trace(
            "whileLoop",
            types,
            all => Handed("whileLoop", init, step(Tree.With(init, all))),
            out Tensor[] captures
        );
        var op = new WhileOp(test, body, states.Length, maxSteps);
        return Tree.With(init, Tensor.ApplyMany(op, [.. states, .. tested, .. captures]));
    }

    /// <summary>The truth value that a condition must return.</summary>
    internal static Tensor Truth(string op, Tensor condition)
    {
        Throw.IfMissing(condition, op, "the condition");
        Throw.Unless(
            condition.DType == DType.Bool && condition.Length == 1,
            op,
            "the condition must be one truth value (a comparison of scalars)",
            $"{condition.Type}"
        );
        return Tensor.Reshape(condition, Shape.Scalar);
    }

    private static int Steps(Tensor[] sequences, int? length)
    {
        foreach (Tensor sequence in sequences)
        {
            Throw.Unless(
                sequence.Rank > 0,
                "scan",
                "every sequence must have an axis of steps in front",
                $"{sequence.Type}"
            );
            length ??= sequence.Shape[0];
            Throw.Unless(
                sequence.Shape[0] == length,
                "scan",
                $"all sequences must have the same number of steps, {length}",
                $"{sequence.Type}"
            );
        }
        return length is >= 0
            ? length.Value
            : Throw.Error<int>(
                "scan",
                "the number of steps must be known: give sequences or a length",
                length is null ? "no length" : $"{length}"
            );
    }

    private static TensorType Element(Tensor sequence) => sequence.Type with { Shape = sequence.Shape.Skip(1) };

    /// <summary>The tensors of what a step hands on, which must be like what it gets.</summary>
    private static Tensor[] Handed<T>(string op, T before, T after) =>
        TreeForm.Leaves(op, "what a step hands on", after, "what it gets", before, keeps: true);
}
