using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>
/// Values and derivatives at x = 0 of closed functions (x [n], captures) → one result [m] or a scalar. What they give are functions of the captures.
/// </summary>
internal static class AtZero
{
    /// <summary>f(0).</summary>
    public static Function Value(Function f) =>
        Traced(f, (zero, captures) => Tensor.Expand(f.Apply([zero, .. captures])[0], f.Results[0].Shape));

    /// <summary>−f(0).</summary>
    public static Function Minus(Function f) => Traced(f, (zero, captures) => -f.Apply([zero, .. captures])[0]);

    /// <summary>(x, captures) → ∂f/∂x of a scalar-valued f.</summary>
    public static Function Gradient(Function f)
    {
        Function vjp = f.Vjp(First(f));
        return Function.TraceClosed(
            ProgramReader.Title,
            f.ArgumentTypes,
            all => vjp.Apply([.. all, Tensor.OnesLike(f.Results[0])])
        );
    }

    /// <summary>∂f/∂x [m, n], by as few products as there can be.</summary>
    public static Function Matrix(Function f) => f.Results[0].Length < f.Arguments[0].Length ? Rows(f) : Columns(f);

    /// <summary>∂f/∂x [m, n] by forward mode, a tangent per element of x.</summary>
    public static Function Columns(Function f)
    {
        int n = f.Arguments[0].Length;
        Function push = f.Jvp(First(f)).Vmap([.. new bool[f.Arguments.Length], true], n);
        return Traced(
            f,
            (zero, captures) => Tensor.Transpose(push.Apply([zero, .. captures, Basis(n, zero.DType)])[1])
        );
    }

    /// <summary>∂f/∂x [m, n] by reverse mode, a cotangent per element of the result.</summary>
    private static Function Rows(Function f)
    {
        int m = f.Results[0].Length;
        Function pull = f.Vjp(First(f)).Vmap([.. new bool[f.Arguments.Length], true], m);
        return Traced(f, (zero, captures) => pull.Apply([zero, .. captures, Basis(m, zero.DType)])[0]);
    }

    private static Tensor Basis(int count, DType dtype) => Tensor.Eye(count, dtype: dtype);

    private static bool[] First(Function f)
    {
        bool[] first = new bool[f.Arguments.Length];
        first[0] = true;
        return first;
    }

    private static Function Traced(Function f, Func<Tensor, Tensor[], Tensor> body) =>
        Function.TraceClosed(
            ProgramReader.Title,
            f.ArgumentTypes.AsSpan(1),
            captures => [body(Tensor.Zeros(f.Arguments[0].Shape, f.Arguments[0].DType), captures)]
        );
}
