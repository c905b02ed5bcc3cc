using FsCheck;
using FsCheck.Fluent;
using Implicit.Testing;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>Both modes of the derivative agree for matrices of all sizes, empty ones and batches included: ⟨w, J·v⟩ = ⟨Jᵀw, v⟩.</summary>
public sealed class DerivativeTests
{
    [Property(typeof(Cases), MaxTest = 200)]
    public void Modes_agree_at_every_size(Case one)
    {
        Tensor x = one.Matrix();
        Tensor v = one.Direction(x.Shape, 1);
        (Tensor[] y, Tensor[] moved) = Differentiation.Jvp(one.Apply, x, v);
        Tensor[] w = [.. y.Select((result, i) => one.Direction(result.Shape, i + 2))];
        Tensor pulled = Differentiation.Vjp(one.Apply, x).Pullback(w);
        double forward = Probe.Inner(w, moved).ToDouble();
        Close.Elementwise([forward], [Tensor.Sum(pulled * v).ToDouble()], 1e-11);
    }

    /// <summary>Of a batch of matrices, whose rows are laid one below the other for it.</summary>
    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 0)]
    public void The_gradient_of_a_product_with_an_empty_factor_is_zero(int inner, int columns)
    {
        Tensor weight = Tensor.Ones([inner, columns]);
        Tensor gradient = Differentiation.Grad(
            (Tensor w) => Tensor.Sum(Tensor.MatMul(Tensor.Ones([2, 4, inner]), w)),
            weight
        );
        Assert.Equal(weight.Type, gradient.Type);
        Assert.Empty(gradient.ToArray());
    }

    public sealed record Case(string Name, Shape Extents, int Rows, int Columns, int Seed)
    {
        private static readonly Dictionary<string, Func<Tensor, Tensor[]>> All = new()
        {
            ["cholesky"] = a => [Tensor.Cholesky(a)],
            ["lu"] = a => [Tensor.Lu(a).L, Tensor.Lu(a).U],
            ["inverse"] = a => [Tensor.Inverse(a)],
            ["det"] = a => [Tensor.Det(a), Tensor.LogDet(a), Tensor.SlogDet(a).LogAbs],
            ["solve"] = a => [Tensor.Solve(a, a * a)],
            ["solveTriangular"] = a => [Tensor.SolveTriangular(a, a * a, lower: false)],
            ["eigh"] = a => [Tensor.Eigh(a).Values, Tensor.Eigh(a).Vectors],
            ["svd"] = a => [Tensor.Svd(a).U, Tensor.Svd(a).S, Tensor.Svd(a).Vt],
            ["pinv"] = a => [Tensor.Pinv(a)],
            ["qr"] = a => [Tensor.Qr(a).Q, Tensor.Qr(a).R],
            ["lstsq"] = a => [Tensor.Lstsq(a, a * a)],
        };

        public static string[] Names => [.. All.Keys];

        public Tensor[] Apply(Tensor a) => All[Name](a);

        public Tensor Matrix()
        {
            int columns = Name switch
            {
                "svd" or "pinv" => Columns,
                "qr" or "lstsq" => Math.Min(Rows, Columns),
                _ => Rows,
            };
            Shape shape = [.. Extents, Rows, columns];
            Tensor ladder = Tensor.Cast(Tensor.Iota(shape, -1), DType.Float64) + 2.0;
            Tensor diagonal = Tensor.Tril(Tensor.Triu(ladder));
            return diagonal + (0.2 * Direction(shape, 0));
        }

        public Tensor Direction(Shape shape, int number)
        {
            var random = new Random(Seed + number);
            int count = shape.Aggregate(1, (product, extent) => product * extent);
            return Tensor.Of([.. Enumerable.Range(0, count).Select(_ => (2.0 * random.NextDouble()) - 1.0)], shape);
        }
    }

    public static class Cases
    {
        public static Arbitrary<Case> Case() =>
            (
                from name in Gen.Elements(DerivativeTests.Case.Names)
                from rank in Gen.Choose(0, 2)
                from extents in Gen.Choose(0, 3).ArrayOf(rank)
                from rows in Gen.Choose(0, 5)
                from columns in Gen.Choose(0, 5)
                from seed in Gen.Choose(0, 1000)
                select new Case(name, extents, rows, columns, seed)
            ).ToArbitrary();
    }
}
