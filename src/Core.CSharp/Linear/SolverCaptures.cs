using Implicit.Graph;

namespace Implicit.Linear;

/// <summary>
/// What the preconditioners of methods are made of, taken out of them: the methods that are left compare by structure, and are closed when they are
/// given tensors again. So a node that solves with them has those tensors among its captures.
/// </summary>
/// <param name="first">The place of the first of these tensors among the captures.</param>
internal sealed class SolverCaptures(int first)
{
    private readonly List<Tensor> found = [];

    /// <summary>All that was taken out.</summary>
    public Tensor[] Tensors => [.. found];

    /// <summary>A method with places for what its preconditioners are made of.</summary>
    public LinearSolver Take(LinearSolver solver) => solver.WithPreconditioners(Take);

    /// <summary>The method made of these captures again.</summary>
    public static LinearSolver Give(LinearSolver solver, Tensor[] captures) =>
        solver.WithPreconditioners(m => m is Placed placed ? placed.Of(captures) : m);

    private Placed Take(LinearOperator m)
    {
        var traced = new SharedCaptures();
        traced.Add(m, withTranspose: true);
        LinearMap map = traced.Close(out Tensor[] captures)[0];
        var placed = new Placed(m, map, first + found.Count, captures.Length);
        found.AddRange(captures);
        return placed;
    }

    /// <summary>An operator that waits for what it is made of. Compares by structure.</summary>
    private sealed class Placed(LinearOperator like, LinearMap map, int start, int count)
        : LinearOperator(like.Input, like.Output, like.Properties)
    {
        private (LinearMap, int, int, OperatorProperties) Key => (map, start, count, Properties);

        public FunctionOperator Of(Tensor[] captures)
        {
            Tensor[] own = captures[start..(start + count)];
            Function? transpose = map.Given;
            return new FunctionOperator(
                x => Apply(map.Product, x, own, Output.Shape),
                transpose is null ? null : w => Apply(transpose, w, own, Input.Shape),
                Input,
                Output,
                Properties
            )
            {
                IsLinear = true,
            };
        }

        public override bool Equals(object? obj) => obj is Placed other && Key.Equals(other.Key);

        public override int GetHashCode() => Key.GetHashCode();

        internal override Tensor Product(Tensor x) => throw Waits();

        internal override Tensor TransposedProduct(Tensor w) => throw Waits();

        private static Tensor Apply(Function function, Tensor x, Tensor[] captures, Shape shape) =>
            Tensor.Reshape(function.Apply([Tensor.Reshape(x, [x.Length]), .. captures])[0], shape);

        private static InvalidOperationException Waits() => new("The operator waits for its captures.");
    }
}
