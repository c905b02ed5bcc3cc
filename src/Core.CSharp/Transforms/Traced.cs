using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>Runs a user's function on stand-ins for the tensors of its argument.</summary>
internal static class Traced
{
    /// <summary>
    /// Calls <paramref name="f"/> on variables that alias the leaves of <paramref name="x"/>. Leaves that wait to be computed are
    /// computed first, so that each turn of a training loop has the same structure.
    /// </summary>
    /// <param name="transform">Who traces, for messages.</param>
    /// <param name="f">The user's function.</param>
    /// <param name="x">Its argument.</param>
    /// <param name="then">Derives what is wanted from the variables and the result, while the graph between them is whole.</param>
    /// <param name="retains">Whether that graph is needed again later.</param>
    public static TDerived Over<T, TResult, TDerived>(
        string transform,
        Func<T, TResult> f,
        T x,
        Func<Tensor[], TResult, TDerived> then,
        bool retains = false
    )
    {
        Tensor[] leaves = Tree.Leaves(x);
        Settle(leaves);
        using Trace trace = Trace.Concrete(transform, retains);
        Tensor[] variables = Array.ConvertAll(leaves, leaf => Tensor.Variable(leaf, trace));
        return then(variables, f(Tree.With(x, variables)));
    }

    /// <summary>A user's function, closed; what it captured; and what it returned, for the form.</summary>
    /// <param name="name">Who traces, for messages.</param>
    /// <param name="f">The user's function.</param>
    /// <param name="x">An argument, for the form and the types.</param>
    /// <param name="hoist">As in <see cref="Function.Trace"/>.</param>
    public static (Function Function, Tensor[] Captures, TResult Form) Close<T, TResult>(
        string name,
        Func<T, TResult> f,
        T x,
        bool hoist
    )
    {
        TResult? form = default;
        var function = Function.Trace(
            name,
            Tensor.Types(Tree.Leaves(x)),
            all => Escape.Results(name, form = f(Tree.With(x, all))),
            out Tensor[] captures,
            hoist
        );
        return (function, captures, form!);
    }

    /// <summary>The one leaf that a scalar-valued function must return.</summary>
    public static Tensor ScalarResult(string transform, object? result)
    {
        Tensor[] leaves = Tree.Leaves(result);
        Throw.Unless(leaves.Length == 1, transform, "the function must return one tensor", $"{leaves.Length} tensors");
        Throw.Unless(
            leaves[0].Length == 1 && leaves[0].DType.IsFloat,
            transform,
            "the function must return a floating-point scalar (sum or mean it, or use vjp or jacobian)",
            $"{leaves[0].Type}"
        );
        return leaves[0];
    }

    /// <summary>Checks that there is something to differentiate by.</summary>
    public static void RequireFloats(string transform, ReadOnlySpan<Tensor> leaves)
    {
        Throw.Unless(!leaves.IsEmpty, transform, "the argument must hold at least one tensor", "none");
        foreach (Tensor leaf in leaves)
            Throw.Unless(
                leaf.DType.IsFloat,
                transform,
                "every tensor of the argument must be floating-point (let the function capture what it is not differentiated by)",
                $"{leaf.Type}"
            );
    }

    private static void Settle(Tensor[] leaves)
    {
        foreach (Tensor leaf in leaves)
            if (IsPending(leaf))
            {
                Evaluator.Current.Evaluate(Array.FindAll(leaves, IsPending));
                return;
            }

        static bool IsPending(Tensor leaf) => leaf.Value is null && !leaf.IsTraced && leaf.Op is not LiteralOp;
    }
}
