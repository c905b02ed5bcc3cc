using Implicit.Graph;
using Implicit.Linear;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit;

/// <summary>Systems of linear equations A·x = b whose A is given by what it does to a vector.</summary>
public static class LinearSystem
{
    /// <summary>
    /// The x with A·x = b. It is differentiable with respect to b and every tensor that A captures, in both modes and to any order.
    /// </summary>
    /// <param name="a">The linear map of a tensor of b's type to one of the same type.</param>
    /// <param name="b">The right-hand side, of any shape.</param>
    /// <param name="solver">How to solve; GMRES with restart 30 if null.</param>
    /// <returns>x, of the type of b.</returns>
    /// <exception cref="TensorException">
    /// The types do not fit, A does not map zero to zero, or (for <see cref="LinearSolver.Dense"/>) the matrix is singular.
    /// </exception>
    /// <exception cref="SolveException">A Krylov method did not reach its tolerance; the message says why and what to try.</exception>
    /// <remarks>Methods: see <see cref="LinearSolver"/>. A solve with the transpose runs by the same method.</remarks>
    public static Tensor Solve(Func<Tensor, Tensor> a, Tensor b, LinearSolver? solver = null)
    {
        Throw.Unless(b.DType.IsFloat, "linearSolve", "b must be floating-point", $"{b.Type}");
        var method = solver ?? new LinearSolver.Gmres();
        Check(method);
        Tensor flat = Tensor.Reshape(b, [b.Length]);
        Function linear = Function.Trace(
            "linearSolve",
            [flat.Type],
            all => [Product(a, all[0], b)],
            out Tensor[] captures
        );
        Tensor x = method is LinearSolver.Krylov krylov
            ? Tensor.ApplyMany(LinearSolveOp.For(linear, krylov), [flat, .. captures])[0]
            : Direct(linear, captures, flat);
        Tensor solution = Tensor.Reshape(x, b.Shape);
        // A failure shows at the call that caused it.
        if (!solution.IsTraced)
            Reading.Force([solution]);
        return solution;
    }

    private static Tensor Product(Func<Tensor, Tensor> a, Tensor x, Tensor b)
    {
        Tensor product = a(Tensor.Reshape(x, b.Shape));
        Throw.Unless(
            product.Type == b.Type,
            "linearSolve",
            $"the operator must return the type of b, {b.Type}",
            $"{product.Type}"
        );
        return Tensor.Reshape(product, x.Shape);
    }

    /// <summary>Ordinary differentiable operations: the rows of the mapped identity are the columns of A.</summary>
    private static Tensor Direct(Function linear, Tensor[] captures, Tensor b)
    {
        bool[] batched = new bool[1 + captures.Length];
        batched[0] = true;
        Tensor columns = linear.Vmap(batched, b.Length).Apply([Tensor.Eye(b.Length, dtype: b.DType), .. captures])[0];
        return Tensor.Solve(columns.T, b);
    }

    private static void Check(LinearSolver method)
    {
        if (method is LinearSolver.Gmres gmres)
            Throw.Unless(gmres.Restart >= 1, "linearSolve", "the restart must be 1 or more", $"{gmres.Restart}");
        if (method is not LinearSolver.Krylov krylov)
            return;
        Throw.Unless(
            !(krylov.RelativeTolerance < 0.0) && krylov.AbsoluteTolerance >= 0.0,
            "linearSolve",
            "the tolerances must not be negative",
            $"{krylov.RelativeTolerance} and {krylov.AbsoluteTolerance}"
        );
        Throw.Unless(
            krylov.MaxSteps is null or > 0,
            "linearSolve",
            "the step limit must be positive",
            $"{krylov.MaxSteps}"
        );
    }
}
