using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>Functions whose derivative the user states.</summary>
internal static class CustomDerivatives
{
    /// <summary>
    /// f(x), with derivatives by the user's rules. Rules are ordinary functions, so second and higher orders are theirs. Forward mode
    /// transposes the vjp where no jvp is given (a vjp is linear in the cotangent).
    /// </summary>
    /// <param name="f">The function. What it captures is constant: differentiating by it is an error.</param>
    /// <param name="vjp">(x, f(x), cotangent of the result) → cotangent of x.</param>
    /// <param name="jvp">(x, f(x), tangent of x) → tangent of the result; null to transpose vjp.</param>
    /// <param name="x">The argument.</param>
    public static TResult Apply<T, TResult>(
        Func<T, TResult> f,
        Func<T, TResult, TResult, T> vjp,
        Func<T, TResult, T, TResult>? jvp,
        T x
    )
    {
        Tensor[] leaves = Tree.Leaves(x);
        Traced.RequireFloats(CustomOp.Title, leaves);
        TensorType[] argument = Tensor.Types(leaves);
        (Function function, Tensor[] captures, TResult form) = Traced.Close(CustomOp.Title, f, x, hoist: true);
        TensorType[] result = function.ResultTypes;
        int count = leaves.Length;
        int end = count + result.Length;
        Function pull = Rule(
            "vjp",
            [.. argument, .. result, .. result],
            all =>
                vjp(
                    Tree.With(x, all.AsSpan(..count)),
                    Tree.With(form, all.AsSpan(count..end)),
                    Tree.With(form, all.AsSpan(end..))
                ),
            "the argument",
            x,
            out Tensor[] pullCaptures
        );
        Tensor[] pushCaptures = [];
        Function? push = jvp is null
            ? null
            : Rule(
                "jvp",
                [.. argument, .. result, .. argument],
                all =>
                    jvp(
                        Tree.With(x, all.AsSpan(..count)),
                        Tree.With(form, all.AsSpan(count..end)),
                        Tree.With(x, all.AsSpan(end..))
                    ),
                "the result",
                form,
                out pushCaptures
            );
        var op = new CustomOp(function, pull, push, count);
        return Tree.With(form, Tensor.ApplyMany(op, [.. leaves, .. captures, .. pullCaptures, .. pushCaptures]));
    }

    /// <summary>Traces a rule and checks what it returns.</summary>
    private static Function Rule<T>(
        string rule,
        TensorType[] types,
        Func<Tensor[], T> body,
        string other,
        T like,
        out Tensor[] captures
    ) =>
        Function.Trace(
            CustomOp.Title,
            types,
            all => TreeForm.Leaves(CustomOp.Title, $"what the {rule} returns", body(all), other, like),
            out captures
        );
}
