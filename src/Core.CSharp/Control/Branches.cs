using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>Branches on a computed truth value, as an ordinary function of trees.</summary>
internal static class Branches
{
    /// <summary>
    /// The result of one of two functions. Both are traced, only the chosen one runs, and only its derivative does: what is undefined in the
    /// other one (a division by zero, a logarithm of a negative number) stays out of the result and of all derivatives.
    /// </summary>
    /// <param name="condition">A bool scalar; under vmap each item chooses for itself.</param>
    /// <param name="then">Called on x where the condition holds.</param>
    /// <param name="otherwise">Called on x where it does not; its result must have the same types.</param>
    /// <param name="x">The argument of both.</param>
    public static TResult Cond<T, TResult>(Tensor condition, Func<T, TResult> then, Func<T, TResult> otherwise, T x)
    {
        Tensor[] leaves = Tree.Leaves(x);
        (Function first, Tensor[] firstCaptures, TResult form) = Traced.Close("cond", then, x, hoist: false);
        (Function second, Tensor[] secondCaptures, TResult other) = Traced.Close("cond", otherwise, x, hoist: false);
        Throw.Unless(
            first.ResultTypes.AsSpan().SequenceEqual(second.ResultTypes),
            "cond",
            "both branches must return the same types",
            $"{Text(first)} and {Text(second)}"
        );
        TreeForm.Require("cond", "both branches must return trees of one form", other, form, keeps: true);
        TensorType[] types = [.. Tensor.Types(leaves), .. Tensor.Types(firstCaptures), .. Tensor.Types(secondCaptures)];
        int common = leaves.Length;
        int split = common + firstCaptures.Length;
        var op = new CondOp(
            Function.TraceClosed("cond", types, all => first.Apply(all.AsSpan(0, split))),
            Function.TraceClosed("cond", types, all => second.Apply([.. all[..common], .. all[split..]]))
        );
        Tensor[] inputs = [Loops.Truth("cond", condition), .. leaves, .. firstCaptures, .. secondCaptures];
        return Tree.With(form, Tensor.ApplyMany(op, inputs));
    }

    private static string Text(Function branch) =>
        $"({string.Join(", ", branch.ResultTypes.Select(type => type.ToString()))})";
}
