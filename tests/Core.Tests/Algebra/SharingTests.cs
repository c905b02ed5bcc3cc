using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Schedule;
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

    [Fact]
    public void Equal_factorisations_are_computed_once()
    {
        Once(a => Tensor.Eigh(a).Values, a => Tensor.Eigh(a).Vectors);
        Once(a => Tensor.Qr(a).Q, a => Tensor.Qr(a).R);
        Once(Tensor.Det, Tensor.Inverse);
        Once(a => Tensor.Solve(a, a + 1.0), a => Tensor.Solve(a, a + 2.0));

        static void Once(Func<Tensor, Tensor> one, Func<Tensor, Tensor> other)
        {
            var both = Function.TraceClosed("both", [A.Type], all => [one(all[0]), other(all[0])]);
            IEnumerable<Factorise> kernels = Plan.For(both.Structure).Program.Kernels.OfType<Factorise>();
            Assert.Single(
                kernels,
                kernel => kernel.Kind is Factorisation.Lu or Factorisation.Qr or Factorisation.SymmetricEigen
            );
            Tensor[] results = both.Apply([A]);
            Assert.Equal(one(A).ToArray(), results[0].ToArray());
            Assert.Equal(other(A).ToArray(), results[1].ToArray());
        }
    }

    /// <summary>Of two equal solves one is asked for its solution alone, and the other for what its derivative needs.</summary>
    [Fact]
    public void Equal_solves_are_computed_once_with_all_that_is_asked_of_them()
    {
        static Tensor Solution(Tensor q) =>
            Argmin.Qp(new QuadraticProgram(q) { P = Tensor.Eye(2), Lower = Tensor.Full([2], 1.5) });
        static Tensor Slope(Tensor q) => Differentiation.Grad<Tensor, Tensor>(x => Tensor.Sumsq(Solution(x)), q);
        var both = Function.TraceClosed(
            "both",
            [B.Type],
            all =>
            {
                Tensor loss = Tensor.Sumsq(Solution(all[0]));
                return [Solution(all[0]), Reverse.Pull([all[0]], [loss], [Tensor.Scalar(1.0)])[0]!];
            }
        );
        Assert.Equal(2, Plan.For(both.Structure).Program.Kernels.Count(kernel => kernel is Host));
        Tensor[] results = both.Apply([-B]);
        Assert.Equal(Solution(-B).ToArray(), results[0].ToArray());
        Assert.Equal(Slope(-B).ToArray(), results[1].ToArray());
    }

    [Fact]
    public void Operands_that_commute_may_change_places()
    {
        Assert.Equal(1, Maps((a, b) => [a + b, b + a]));
        Assert.Equal(1, Maps((a, b) => [a * b, b * a]));
        Assert.Equal(2, Maps((a, b) => [a - b, b - a]));
        // Of 0 and −0 it is not said which is the larger one.
        Assert.Equal(2, Maps((a, b) => [Tensor.Maximum(a, b), Tensor.Maximum(b, a)]));

        // Each result is a map; what is the same is computed by the first and copied by the second.
        static int Maps(Func<Tensor, Tensor, Tensor[]> f) =>
            Plan.For(Function.TraceClosed("both", [B.Type, B.Type], x => f(x[0], x[1])).Structure)
                .Program.Kernels.Count(kernel => kernel is Map { Body: Scalar.Binary });
    }

    private static void Shares(string factorisation, Func<Tensor, Tensor> f)
    {
        (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(f, A);
        Assert.Equal(1, Count(factorisation, value, gradient));
    }

    private static int Count(string op, params Tensor[] results) =>
        Walk.Postorder(results, _ => true).Nodes.ToArray().Count(node => node.Op.Name == op);
}
