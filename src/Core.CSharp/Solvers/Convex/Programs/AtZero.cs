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
        Function vjp = f.VjpOfFirst();
        return Function.TraceClosed(
            ProgramReader.Title,
            f.ArgumentTypes,
            all => vjp.Apply([.. all, Tensor.OnesLike(f.Results[0])])
        );
    }

    /// <summary>∂f/∂x [m, n].</summary>
    public static Function Matrix(Function f) => Value(f.JacobianOfFirst());

    private static Function Traced(Function f, Func<Tensor, Tensor[], Tensor> body) =>
        Function.TraceClosed(
            ProgramReader.Title,
            f.ArgumentTypes.AsSpan(1),
            captures => [body(Tensor.Zeros(f.Arguments[0].Shape, f.Arguments[0].DType), captures)]
        );
}
