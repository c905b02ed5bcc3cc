using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>
/// Matrices of derivatives, as batches of the first-order transforms along a basis. A block ∂y/∂x of a result y and an argument
/// x has the shape of y followed by that of x.
/// </summary>
internal static class Jacobians
{
    /// <summary>∂f/∂x by reverse mode, one pullback per element of the result.</summary>
    /// <returns>The form of x; each leaf [result…, leaf…].</returns>
    public static T Jacobian<T>(Func<T, Tensor> f, T x) => Tree.With(x, Rows("jacobian", f, x)[0]);

    /// <summary>∂f/∂x by forward mode, one tangent per element of x.</summary>
    /// <returns>The form of x; each leaf [result…, leaf…].</returns>
    public static T JacobianForward<T>(Func<T, Tensor> f, T x) => Tree.With(x, Columns("jacobianForward", f, x)[0]);

    /// <summary>
    /// ∂²f/∂x² of a scalar-valued f, by forward mode over reverse mode. Element (i, j) of the result is the block of leaves i and j,
    /// [leaf i…, leaf j…].
    /// </summary>
    public static Tensor[][] HessianBlocks<T>(Func<T, Tensor> f, T x) =>
        Columns("hessian", (T at) => Differentiation.Grad(f, at, "hessian"), x);

    /// <summary>
    /// ∂²f/∂x² of a scalar-valued f: [x…, x…] for one tensor; for a tree the symmetric matrix [n, n] over all its elements in
    /// order.
    /// </summary>
    public static Tensor Hessian<T>(Func<T, Tensor> f, T x)
    {
        Tensor[] leaves = Tree.Leaves(x);
        Throw.Unless(
            leaves.All(leaf => leaf.DType == leaves[0].DType),
            "hessian",
            "all tensors of the argument must be of one element type, for its elements make one matrix",
            string.Join(", ", leaves.Select(leaf => leaf.Type))
        );
        Tensor[][] blocks = HessianBlocks(f, x);
        if (blocks is [[Tensor whole]])
            return whole;
        var rows = new Tensor[leaves.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Tensor[] row = [.. blocks[i].Select((b, j) => Tensor.Reshape(b, [leaves[i].Length, leaves[j].Length]))];
            rows[i] = Tensor.Concat(row, 1);
        }
        return Tensor.Concat(rows, 0);
    }

    /// <summary>∂²f/∂x²·v of a scalar-valued f, without the matrix.</summary>
    public static T Hvp<T>(Func<T, Tensor> f, T x, T v) =>
        Differentiation.Jvp(at => Differentiation.Grad(f, at, "hvp"), x, v, "hvp").Tangent;

    /// <summary>Blocks [result][argument], each result's rows at once.</summary>
    private static Tensor[][] Rows<T, TResult>(string name, Func<T, TResult> f, T x)
    {
        Tensor[] leaves = Tree.Leaves(x);
        Traced.RequireFloats(name, leaves);
        return Traced.Over(
            name,
            f,
            x,
            (variables, result) =>
            {
                Tensor[][] blocks = Array.ConvertAll(FloatResults(name, result), leaf => RowsOf(name, variables, leaf));
                Tensor.Bind([.. blocks.SelectMany(row => row)]);
                return blocks;
            }
        );
    }

    private static Tensor[] RowsOf(string name, Tensor[] variables, Tensor result)
    {
        using Trace trace = Trace.Abstract(name);
        Tensor cotangent = Tensor.Parameter(result.Type, trace);
        Tensor[] pulled = Differentiation.Pull(variables, [result], [cotangent]);
        Tensor[] rows = Batch.Map([cotangent], [Basis(result)], pulled, result.Length);
        return [.. rows.Select((row, i) => Tensor.Reshape(row, result.Shape.Concat(variables[i].Shape)))];
    }

    /// <summary>Blocks [result][argument], each argument's columns at once.</summary>
    private static Tensor[][] Columns<T, TResult>(string name, Func<T, TResult> f, T x)
    {
        Tensor[] leaves = Tree.Leaves(x);
        Traced.RequireFloats(name, leaves);
        return Traced.Over(
            name,
            f,
            x,
            (variables, result) =>
            {
                Tensor[] results = FloatResults(name, result);
                Tensor[][] columns = Array.ConvertAll(variables, variable => ColumnsOf(name, variable, results));
                Tensor[][] blocks = [.. results.Select((_, i) => Array.ConvertAll(columns, column => column[i]))];
                Tensor.Bind([.. blocks.SelectMany(row => row)]);
                return blocks;
            }
        );
    }

    private static Tensor[] ColumnsOf(string name, Tensor variable, Tensor[] results)
    {
        using Trace trace = Trace.Abstract(name);
        Tensor tangent = Tensor.Parameter(variable.Type, trace);
        Tensor[] along = Differentiation.Push([variable], [tangent], results);
        Tensor[] columns = Batch.Map([tangent], [Basis(variable)], along, variable.Length);
        return [.. columns.Select((column, i) => Block(column, results[i].Shape, variable.Shape))];
    }

    private static Tensor Block(Tensor columns, Shape result, Shape argument) =>
        Tensor.Reshape(Tensor.MoveAxis(columns, 0, -1), result.Concat(argument));

    /// <summary>The unit vectors of a tensor's space: [n, shape…].</summary>
    private static Tensor Basis(Tensor like) =>
        Tensor.Reshape(Tensor.Eye(like.Length, dtype: like.DType), like.Shape.Prepend(like.Length));

    private static Tensor[] FloatResults(string name, object? result)
    {
        Tensor[] results = Tree.Leaves(result);
        Throw.Unless(results.Length > 0, name, "the function must return a tensor", "none");
        foreach (Tensor leaf in results)
            Throw.Unless(leaf.DType.IsFloat, name, "the function must return floating-point tensors", $"{leaf.Type}");
        return results;
    }
}
