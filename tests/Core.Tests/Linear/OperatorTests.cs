using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Operators do what their matrices do.</summary>
public sealed class OperatorTests
{
    private static readonly double[] Columns = [1.0, 0.2, -2.0, 0.4, 0.5, -0.3, 3.0, 1.1];

    public static TheoryData<string> Kinds => [.. Operators.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Products_transposes_and_columns_are_those_of_the_matrix(string kind)
    {
        LinearOperator a = Make(kind);
        Tensor matrix = a.ToMatrix();
        Tensor x = Tensor.Of(Systems.Right);
        Tensor columns = Tensor.Of(Columns, [4, 2]);
        Same(Tensor.MatMul(matrix, x), a.Apply(x));
        Same(Tensor.MatMul(matrix.T, x), a.T.Apply(x));
        Same(Tensor.MatMul(matrix, x), a.T.T.Apply(x));
        Same(matrix.T, a.T.ToMatrix());
        Same(Tensor.MatMul(matrix, columns), a.Apply(columns));
        Same(Tensor.MatMul(matrix.T, columns), a.T.Apply(columns));
        Same(Tensor.Dot(Tensor.MatMul(matrix, x), x), Tensor.Dot(x, a.T.Apply(x)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Inverses_transposed_and_inverted_again(string kind)
    {
        LinearOperator a = Make(kind);
        LinearOperator inverse = a.Inverse();
        Tensor x = Tensor.Of(Systems.Right);
        Tensor columns = Tensor.Of(Columns, [4, 2]);
        Same(x, inverse.Apply(a.Apply(x)), 1e-11);
        Same(x, inverse.T.Apply(a.T.Apply(x)), 1e-11);
        Same(x, a.T.Inverse().Apply(a.T.Apply(x)), 1e-11);
        Same(columns, inverse.Apply(a.Apply(columns)), 1e-11);
        Same(a.Apply(x), inverse.Inverse().Apply(x), 1e-11);
    }

    /// <summary>What is computed with an operator is differentiated by what it is made of.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Products_are_differentiated_by_the_tensors_of_the_operator(string kind)
    {
        double[][] point = [Systems.Matrix, [0.7]];
        double[][] direction =
        [
            [.. Systems.Matrix.Select(Math.Sin)],
            [-0.6],
        ];
        double[] expected = Differences.Along(p => Loss(Tensors(p)).ToArray(), point, direction);
        Tensor forward = Differentiation.Jvp(Loss, Tensors(point), Tensors(direction)).Tangent;
        Tensor[] gradient = Differentiation.Grad(Loss, Tensors(point));
        double reverse = gradient.Zip(direction, (g, v) => g.ToArray().Zip(v, (a, b) => a * b).Sum()).Sum();
        Close.Normwise(expected, forward.ToArray(), 1e-9);
        Close.Normwise(expected, [reverse], 1e-9);

        Tensor Loss(Tensor[] p)
        {
            LinearOperator a = Operators.All[kind](Tensor.Reshape(p[0], [4, 4]), Tensor.Sum(p[1]));
            Tensor x = Tensor.Of(Systems.Right);
            return Tensor.Sum((a.Apply(x) * a.Apply(x)) * a.T.Apply(x));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_claimed_holds_on_random_vectors(string kind) => Make(kind).Verify();

    [Fact]
    public void Properties_follow_from_parts()
    {
        LinearOperator lower = Make("lower");
        LinearOperator definite = Make("definite");
        LinearOperator diagonal = Make("diagonal");
        Assert.Equal(OperatorProperties.UpperTriangular, lower.T.Properties);
        Assert.Equal(OperatorProperties.PositiveDefinite, (2.0 * definite).Properties);
        Assert.Equal(OperatorProperties.Symmetric, (-definite).Properties);
        Assert.Equal(OperatorProperties.Symmetric, (definite + diagonal).Properties);
        Assert.Equal(OperatorProperties.LowerTriangular, (lower + diagonal).Properties);
        Assert.Equal(OperatorProperties.LowerTriangular, (lower * diagonal).Properties);
        Assert.Equal(OperatorProperties.None, (lower * definite).Properties);
        Assert.Equal(OperatorProperties.Diagonal, (diagonal * diagonal).Properties);
        Assert.Equal(OperatorProperties.PositiveDefinite, definite.Inverse().Properties);
    }

    [Theory]
    [InlineData(OperatorProperties.Symmetric, "symmetric")]
    [InlineData(OperatorProperties.LowerTriangular, "lower triangular")]
    [InlineData(OperatorProperties.UpperTriangular, "upper triangular")]
    public void A_property_that_does_not_hold_is_named(OperatorProperties property, string name)
    {
        LinearOperator a = LinearOperator.Dense(Tensor.Of(Systems.Matrix, [4, 4]), property);
        Assert.Contains($"must be {name}", Message(() => a.Verify()), StringComparison.Ordinal);
        LinearSolver solver = new LinearSolver.Gmres { ChecksOperator = true };
        Assert.Contains(
            $"must be {name}",
            Message(() => LinearSystem.Solve(a, Tensor.Of(Systems.Right), solver)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Claims_about_definiteness_linearity_and_transposes_are_tried()
    {
        Tensor m = Tensor.Of(Systems.Matrix, [4, 4]);
        Tensor like = Tensor.Of(Systems.Right);
        LinearOperator negative = LinearOperator.Dense(-(Tensor.MatMul(m.T, m)), OperatorProperties.PositiveDefinite);
        Assert.Contains("positive definite", Message(() => negative.Verify()), StringComparison.Ordinal);
        Assert.Contains(
            "must be linear",
            Message(() => LinearOperator.Of(x => x * x, like).Verify()),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "transpose",
            Message(() => LinearOperator.Of(x => Tensor.MatMul(m, x), w => Tensor.MatMul(m, w), like).Verify()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Types_that_do_not_fit_are_refused()
    {
        LinearOperator wide = LinearOperator.Dense(Tensor.Of(Columns, [2, 4]));
        Assert.Throws<TensorException>(() => wide.Apply(Tensor.Of(1.0, 2.0)));
        Assert.Throws<TensorException>(() => wide + wide.T);
        Assert.Throws<TensorException>(() => wide * wide);
        Assert.Throws<TensorException>(() =>
            LinearOperator.Dense(Tensor.Of(Columns, [2, 4]), OperatorProperties.Symmetric)
        );
        Assert.Throws<TensorException>(() => LinearOperator.Dense(Tensor.Of(Columns, [2, 2, 2])));
        Assert.Throws<TensorException>(() =>
            LinearOperator.Of(x => x + 1.0, Tensor.Of(1.0, 2.0)).Inverse().ToMatrix().ToArray()
        );
    }

    private static LinearOperator Make(string kind) =>
        Operators.All[kind](Tensor.Of(Systems.Matrix, [4, 4]), Tensor.Scalar(0.7));

    private static Tensor[] Tensors(double[][] values) => Array.ConvertAll(values, value => Tensor.Of(value));

    private static void Same(Tensor expected, Tensor actual, double tolerance = 1e-12) =>
        Close.Normwise(expected.ToArray(), actual.ToArray(), tolerance);

    private static string Message(Action action) => Assert.Throws<TensorException>(action).Message;
}
