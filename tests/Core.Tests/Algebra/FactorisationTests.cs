using FsCheck;
using FsCheck.Fluent;
using Implicit.Testing;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>The factors of random matrices of all sizes, empty ones and batches included, make up the matrix again.</summary>
public sealed class FactorisationTests
{
    [Property(typeof(Batches))]
    public void Cholesky_makes_up_the_matrix(Batch batch)
    {
        Tensor root = batch.Square();
        Tensor a = Tensor.MatMul(root, root.T) + Tensor.Eye(batch.Rows, dtype: batch.DType);
        Tensor l = Tensor.Cholesky(a);
        batch.Same(a, Tensor.MatMul(l, l.T));
        batch.Same(Tensor.Tril(l), l);
    }

    [Property(typeof(Batches))]
    public void Lu_makes_up_the_matrix(Batch batch)
    {
        Tensor a = batch.Square();
        (Tensor permutation, Tensor l, Tensor u) = Tensor.Lu(a);
        Tensor rows = Tensor.Expand(Tensor.Unsqueeze(permutation, -1), a.Shape);
        batch.Same(Tensor.TakeAlongAxis(a, rows, -2), Tensor.MatMul(l, u));
        Assert.All(l.ToArray(), x => Assert.True(Math.Abs(x) <= 1.0));
    }

    [Property(typeof(Batches))]
    public void Qr_makes_up_the_matrix(Batch batch)
    {
        Tensor a = batch.Any();
        (Tensor q, Tensor r) = Tensor.Qr(a);
        batch.Same(a, Tensor.MatMul(q, r));
        batch.Same(batch.Identity(), Tensor.MatMul(q.T, q));
        batch.Same(Tensor.Triu(r), r);
    }

    [Property(typeof(Batches))]
    public void Eigh_makes_up_the_matrix(Batch batch)
    {
        Tensor a = batch.Square();
        (Tensor w, Tensor v) = Tensor.Eigh(a);
        batch.Same((a + a.T) * 0.5, Tensor.MatMul(v * Tensor.Unsqueeze(w, -2), v.T));
        batch.Same(Tensor.Expand(Tensor.Eye(batch.Rows, dtype: batch.DType), a.Shape), Tensor.MatMul(v.T, v));
    }

    [Property(typeof(Batches))]
    public void Svd_makes_up_the_matrix(Batch batch)
    {
        Tensor a = batch.Any();
        (Tensor u, Tensor s, Tensor vt) = Tensor.Svd(a);
        batch.Same(a, Tensor.MatMul(u * Tensor.Unsqueeze(s, -2), vt));
        batch.Same(batch.Identity(), Tensor.MatMul(u.T, u));
        batch.Same(batch.Identity(), Tensor.MatMul(vt, vt.T));
        batch.Same(Tensor.Sort(s, descending: true), s);
    }

    [Property(typeof(Batches))]
    public void Solve_and_inverse_undo_the_product(Batch batch)
    {
        Tensor a = batch.Square();
        Tensor x = batch.Any();
        batch.Same(x, Tensor.Solve(a, Tensor.MatMul(a, x)), 1e3);
        batch.Same(x, Tensor.MatMul(Tensor.Inverse(a), Tensor.MatMul(a, x)), 1e3);
    }

    [Property(typeof(Batches))]
    public void Pinv_meets_the_conditions_of_Penrose(Batch batch)
    {
        Tensor a = batch.Any();
        Tensor p = Tensor.Pinv(a);
        Tensor onto = Tensor.MatMul(a, p);
        batch.Same(a, Tensor.MatMul(onto, a), 1e3);
        batch.Same(p, Tensor.MatMul(p, onto), 1e3);
        batch.Same(onto.T, onto, 1e3);
        batch.Same(Tensor.MatMul(p, a).T, Tensor.MatMul(p, a), 1e3);
    }

    [Fact]
    public void Pinv_leaves_out_what_is_zero_to_rounding()
    {
        Tensor a = Tensor.Outer(Tensor.Of(1.0, 2.0, 2.0), Tensor.Of(3.0, 4.0));
        Close.Normwise((a.T / 225.0).ToArray(), Tensor.Pinv(a).ToArray(), 1e-15);
        Assert.All(Tensor.Pinv(Tensor.Zeros([2, 3])).ToArray(), x => Assert.Equal(0.0, x));
    }

    /// <summary>Random matrices with a diagonal that keeps them away from singular.</summary>
    public sealed record Batch(Shape Extents, int Rows, int Columns, DType DType, int Seed)
    {
        public Tensor Square() => Random(Rows, Rows);

        public Tensor Any() => Random(Rows, Columns);

        public Tensor Identity()
        {
            int k = Math.Min(Rows, Columns);
            return Tensor.Expand(Tensor.Eye(k, dtype: DType), [.. Extents, k, k]);
        }

        public void Same(Tensor expected, Tensor actual, double factor = 1.0)
        {
            Assert.Equal(expected.Shape, actual.Shape);
            Close.Normwise(
                expected.ToArray(),
                actual.ToArray(),
                factor * (1 + Rows + Columns) * (DType == DType.Float32 ? 1e-6 : 1e-14)
            );
        }

        private Tensor Random(int rows, int columns)
        {
            var random = new Random(Seed);
            Shape shape = [.. Extents, rows, columns];
            double[] elements = new double[shape.Aggregate(1, (count, extent) => count * extent)];
            for (int p = 0; p < elements.Length; p++)
                elements[p] = random.NextDouble() - 0.5 + (p / columns % rows == p % columns ? 3.0 : 0.0);
            return Tensor.Of(elements, shape, DType);
        }
    }

    public static class Batches
    {
        public static Arbitrary<Batch> Batch() =>
            (
                from rank in Gen.Choose(0, 2)
                from extents in Gen.Choose(0, 3).ArrayOf(rank)
                from rows in Gen.Frequency((4, Gen.Choose(0, 6)), (1, Gen.Choose(30, 40)))
                from columns in Gen.Choose(0, 6)
                from dtype in Gen.Elements(DType.Float64, DType.Float32)
                from seed in Gen.Choose(0, 1000)
                select new Batch(extents, rows, columns, dtype, seed)
            ).ToArbitrary();
    }
}
