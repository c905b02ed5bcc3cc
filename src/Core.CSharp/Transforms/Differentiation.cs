using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>The first-order transforms of functions of trees. Results are expressions again, so all of them nest.</summary>
internal static class Differentiation
{
    /// <summary>f(x) and ∂f/∂x, for a scalar-valued f.</summary>
    public static (TResult Value, T Gradient) ValueAndGrad<T, TResult>(
        Func<T, TResult> f,
        T x,
        string name = "valueAndGrad"
    )
    {
        Traced.RequireFloats(name, Tree.Leaves(x));
        return Traced.Over(
            name,
            f,
            x,
            (variables, result) =>
            {
                Tensor value = Traced.ScalarResult(name, result);
                Tensor[] gradient = Pull(variables, [value], [Tensor.OnesLike(value)]);
                Tensor.Bind([value, .. gradient]);
                return (result, Tree.With(x, gradient));
            }
        );
    }

    /// <summary>∂f/∂x, for a scalar-valued f.</summary>
    public static T Grad<T, TResult>(Func<T, TResult> f, T x, string name = "grad") =>
        ValueAndGrad(f, x, name).Gradient;

    /// <summary>f(x), and the map from a cotangent of the result to the cotangent of x.</summary>
    public static (TResult Value, Func<TResult, T> Pullback) Vjp<T, TResult>(Func<T, TResult> f, T x)
    {
        Traced.RequireFloats("vjp", Tree.Leaves(x));
        return Traced.Over(
            "vjp",
            f,
            x,
            (variables, result) =>
            {
                Tensor[] results = Escape.Results("vjp", result);
                return (result, (Func<TResult, T>)(cotangent => Pullback(variables, results, cotangent, result)));
            },
            retains: true
        );

        T Pullback(Tensor[] variables, Tensor[] results, TResult cotangent, TResult result)
        {
            Tensor[] cotangents = TreeForm.Leaves("vjp", "the cotangent", cotangent, "the result", result);
            using Trace trace = Trace.Concrete("vjp");
            Tensor[] pulled = Pull(variables, results, cotangents);
            Tensor.Bind(pulled);
            return Tree.With(x, pulled);
        }
    }

    /// <summary>f(x), and its derivative along v.</summary>
    public static (TResult Value, TResult Tangent) Jvp<T, TResult>(Func<T, TResult> f, T x, T v, string name = "jvp")
    {
        Tensor[] leaves = Tree.Leaves(x);
        Traced.RequireFloats(name, leaves);
        Tensor[] tangents = TreeForm.Leaves(name, "the tangent", v, "the argument", x);
        return Traced.Over(
            name,
            f,
            x,
            (variables, result) =>
            {
                Tensor[] results = Escape.Results(name, result);
                Tensor[] pushed = Push(variables, tangents, results);
                Tensor.Bind([.. results, .. pushed]);
                return (result, Tree.With(result, pushed));
            }
        );
    }

    /// <summary>The cotangents of the sources, zero where nothing flows.</summary>
    internal static Tensor[] Pull(Tensor[] sources, Tensor[] results, Tensor[] cotangents) =>
        OrZeros(Reverse.Pull(sources, results, cotangents), sources);

    /// <summary>The tangents of the results, zero where nothing flows.</summary>
    internal static Tensor[] Push(Tensor[] sources, Tensor[] tangents, Tensor[] results) =>
        OrZeros(Forward.Push(sources, tangents, results), results);

    /// <summary>What is given, with zeros in place of null.</summary>
    internal static Tensor[] OrZeros(ReadOnlySpan<Tensor?> given, ReadOnlySpan<Tensor> like)
    {
        var all = new Tensor[given.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = given[i] ?? Tensor.ZerosLike(like[i]);
        return all;
    }
}
