using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Transforms;

public sealed class JacobianTests
{
    private static readonly Tensor A = Tensor.Of(
        new double[,]
        {
            { 1.0, -2.0, 0.5 },
            { 0.3, 0.7, -1.1 },
        }
    );
    private static readonly Tensor X = Tensor.Of(0.4, -0.3, 0.8);

    [Fact]
    public void A_hessian_is_of_one_element_type()
    {
        (Tensor X, Tensor Y) at = (Tensor.Of([1f, 2f]), Tensor.Of(3.0, 4.0));
        string message = Assert
            .Throws<TensorException>(() =>
                Functions.Hessian(x => Tensor.Sum(Tensor.Cast(x.X, DType.Float64) * x.Y), at)
            )
            .Message;
        Assert.StartsWith("[hessian] all tensors of the argument must be of one element type", message);
    }

    [Fact]
    public void Rows_and_columns_give_the_same_matrix_of_result_by_argument()
    {
        // J = diag(exp(Ax))·A.
        Func<Tensor, Tensor> f = x => Tensor.Exp(Tensor.MatMul(A, x));
        Tensor expected = Tensor.Reshape(f(X), [2, 1]) * A;
        foreach (Tensor jacobian in new[] { Jacobians.Jacobian(f, X), Jacobians.JacobianForward(f, X) })
        {
            Assert.Equal([2, 3], jacobian.Shape.ToArray());
            Close.Elementwise(expected.ToArray(), jacobian.ToArray(), 1e-14);
        }
    }

    [Fact]
    public void A_matrix_argument_has_its_axes_behind_those_of_the_result()
    {
        Func<Tensor, Tensor> f = a => Tensor.MatMul(a, X);
        Tensor rows = Jacobians.Jacobian(f, A);
        Tensor columns = Jacobians.JacobianForward(f, A);
        Assert.Equal([2, 2, 3], rows.Shape.ToArray());
        double[] x = X.ToArray();
        double[] zero = [0.0, 0.0, 0.0];
        Assert.Equal([.. x, .. zero, .. zero, .. x], rows.ToArray());
        Assert.Equal(rows.ToArray(), columns.ToArray());
    }

    [Fact]
    public void A_tree_argument_has_a_block_per_leaf_in_its_own_form()
    {
        (Tensor A, Tensor X) at = (A, X);
        (Tensor a, Tensor x) = Jacobians.Jacobian(((Tensor A, Tensor X) t) => Tensor.MatMul(t.A, t.X), at);
        (Tensor a2, Tensor x2) = Jacobians.JacobianForward(((Tensor A, Tensor X) t) => Tensor.MatMul(t.A, t.X), at);
        Assert.Equal(A.ToArray(), x.ToArray());
        Assert.Equal([2, 2, 3], a.Shape.ToArray());
        Assert.Equal(Probe.Flat(a, x), Probe.Flat(a2, x2));
    }

    [Fact]
    public void A_hessian_is_symmetric_and_agrees_with_the_jacobian_of_the_gradient()
    {
        Func<Tensor, Tensor> f = x => Tensor.Sum(Tensor.Exp(Tensor.MatMul(A, x)) * Tensor.MatMul(A, x * x));
        Tensor hessian = Jacobians.Hessian(f, X);
        Assert.Equal([3, 3], hessian.Shape.ToArray());
        Close.Elementwise(hessian.T.ToArray(), hessian.ToArray(), 1e-14);
        Tensor rows = Jacobians.Jacobian((Tensor x) => Differentiation.Grad(f, x), X);
        Close.Elementwise(rows.ToArray(), hessian.ToArray(), 1e-13);
        Tensor v = Tensor.Of(0.2, 1.0, -0.7);
        Close.Elementwise(Tensor.MatMul(hessian, v).ToArray(), Jacobians.Hvp(f, X, v).ToArray(), 1e-13);
    }

    [Fact]
    public void A_hessian_of_a_tree_is_the_matrix_over_all_its_elements_and_its_blocks_lie_in_it()
    {
        (Tensor A, Tensor X) at = (A, X);
        Func<(Tensor A, Tensor X), Tensor> f = t => Tensor.Sum(Tensor.Exp(Tensor.MatMul(t.A, t.X)));
        Tensor whole = Jacobians.Hessian(f, at);
        (Tensor vector, Func<Tensor, (Tensor, Tensor)> unravel) = Ravelling.Ravel(at);
        Tensor ofVector = Jacobians.Hessian((Tensor flat) => f(unravel(flat)), vector);
        Assert.Equal([9, 9], whole.Shape.ToArray());
        Close.Elementwise(ofVector.ToArray(), whole.ToArray(), 1e-13);
        Tensor[][] blocks = Jacobians.HessianBlocks(f, at);
        Assert.Equal([2, 3, 3], blocks[0][1].Shape.ToArray());
        Assert.Equal([3, 2, 3], blocks[1][0].Shape.ToArray());
    }

    [Fact]
    public void A_result_that_ignores_the_argument_has_a_jacobian_of_zeros()
    {
        Tensor jacobian = Jacobians.Jacobian((Tensor _) => A, X);
        Assert.Equal([2, 3, 3], jacobian.Shape.ToArray());
        Assert.All(jacobian.ToArray(), e => Assert.Equal(0.0, e));
        Assert.All(Jacobians.JacobianForward((Tensor _) => A, X).ToArray(), e => Assert.Equal(0.0, e));
    }

    [Fact]
    public void Ravel_and_unravel_are_inverse_for_any_tree()
    {
        Tensor[][] tree =
        [
            [A],
            [X, Tensor.Scalar(3.0)],
        ];
        (Tensor vector, Func<Tensor, Tensor[][]> unravel) = Ravelling.Ravel(tree);
        Assert.Equal([.. A.ToArray(), .. X.ToArray(), 3.0], vector.ToArray());
        Tensor[][] back = unravel(vector * 2.0);
        Assert.Equal([2, 3], back[0][0].Shape.ToArray());
        Assert.Equal(6.0, back[1][1].ToDouble());
        TensorException error = Assert.Throws<TensorException>(() => unravel(X));
        Assert.Equal("[unravel] the vector must have the 10 elements of the tree. Received float64[3].", error.Message);
    }

    [Fact]
    public void What_is_not_a_float_is_refused_by_name()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            Jacobians.Jacobian((Tensor x) => x, Tensor.Of([1L]))
        );
        Assert.StartsWith(
            "[jacobian] every tensor of the argument must be floating-point (let the function capture what it is not differentiated by).",
            error.Message
        );
    }
}
