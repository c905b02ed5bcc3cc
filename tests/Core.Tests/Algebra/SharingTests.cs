using Implicit.Graph;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>What a value and its derivatives have in common is computed once.</summary>
public sealed class SharingTests
{
    private static readonly Tensor A = Tensor.Of([4, 1, 1, 3], [2, 2]);
    private static readonly Tensor B = Tensor.Of(1.0, 2.0);

    [Fact]
    public void A_solve_and_its_gradient_factorise_once() => Shares("lu", a => Tensor.Sum(Tensor.Solve(a, B)));

    [Fact]
    public void A_determinant_and_its_gradient_factorise_once() => Shares("lu", Tensor.LogDet);

    [Fact]
    public void A_decomposition_and_its_gradient_decompose_once()
    {
        Shares("eigh", a => Tensor.Sum(Tensor.Eigh(a).Vectors));
        Shares("svd", a => Tensor.Sum(Tensor.Svd(a).U));
        Shares("qr", a => Tensor.Sum(Tensor.Qr(a).Q));
    }

    [Fact]
    public void The_tangent_of_a_solve_uses_its_factors()
    {
        (Tensor value, Tensor tangent) = Differentiation.Jvp(a => Tensor.Solve(a, B), A, Tensor.Ones([2, 2]));
        Assert.Equal(1, Count("lu", value, tangent));
        Assert.Equal(2, Count("solve", value, tangent));
    }

    private static void Shares(string factorisation, Func<Tensor, Tensor> f)
    {
        (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(f, A);
        Assert.Equal(1, Count(factorisation, value, gradient));
    }

    private static int Count(string op, params Tensor[] results) =>
        Walk.Postorder(results, _ => true).Nodes.ToArray().Count(node => node.Op.Name == op);
}
