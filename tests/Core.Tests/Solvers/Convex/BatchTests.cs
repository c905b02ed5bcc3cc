using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>A batch is the loop over its items, to the bit, whatever becomes of them.</summary>
public sealed class BatchTests
{
    /// <summary>Reference cases 10 (solved), 23 (primal infeasible) and 24 (dual infeasible), brought to one size.</summary>
    [Fact]
    public void A_solved_item_among_infeasible_ones_is_that_of_solving_it_alone()
    {
        Tensor p = Tensor.Stack([Hs76.P!, Tensor.Eye(4), Tensor.Diag(Tensor.Of(0.0, 1.0, 1.0, 1.0))]);
        Tensor q = Tensor.Stack([Hs76.Q, Tensor.Ones([4]), Tensor.Of(-1.0, 0.0, 0.0, 0.0)]);
        Tensor crossing = Matrix([1, 0, 0, 0], [-1, 0, 0, 0], [0, 0, 0, 0]);
        Tensor loose = Matrix([0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]);
        Tensor g = Tensor.Stack([Hs76.G!, crossing, loose]);
        Tensor h = Tensor.Stack([Hs76.H!, Tensor.Of(-1.0, -1.0, 0.0), Tensor.Of(1.0, 0.0, 0.0)]);
        var batch = new QuadraticProgram(q)
        {
            P = p,
            G = g,
            H = h,
            Lower = Tensor.Stack([Hs76.Lower!, Tensor.Full([4], -1e20), Hs76.Lower!]),
        };
        QpSolution together = Argmin.SolveQp(batch);
        Assert.Equal([QpStatus.Solved, QpStatus.PrimalInfeasible, QpStatus.DualInfeasible], together.Statuses);
        SameBits(Argmin.SolveQp(Hs76), 0, together, 0);
        SolveException error = Assert.Throws<SolveException>(() => Argmin.Qp(batch));
        Assert.EndsWith("This was item 1 of 3. Items 2 failed too.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Small problems run side by side in lanes, large ones one after the other. Without bounds there are as many inequalities as variables, and the
    /// active set is searched for before the first step.
    /// </summary>
    [Theory]
    [InlineData(6, 128, true)]
    [InlineData(6, 128, false)]
    [InlineData(70, 12, true)]
    [InlineData(70, 12, false)]
    public void Items_are_those_of_solving_them_alone(int n, int items, bool isBounded)
    {
        QuadraticProgram batch = Mixed(n, items);
        if (!isBounded)
            batch = batch with { Lower = null };
        QpSolution together = Argmin.SolveQp(batch);
        Assert.Equal(
            [
                QpStatus.Solved,
                QpStatus.PrimalInfeasible,
                QpStatus.DualInfeasible,
                QpStatus.NonConvex,
                QpStatus.InvalidData,
            ],
            together.Statuses.Distinct().Order()
        );
        for (int item = 0; item < items; item++)
            SameBits(Argmin.SolveQp(Item(batch, item)), 0, together, item);
    }

    /// <summary>Also where right sides of all sizes make some points look like proofs before others do.</summary>
    [Fact]
    public void Items_of_all_sizes_are_those_of_solving_them_alone()
    {
        const int items = 16;
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            double[] sizes = [.. Enumerable.Range(0, items * 4).Select(_ => Math.Pow(10.0, random.Next(11)))];
            Tensor[] keys =
            [
                .. Enumerable.Range(0, 3).Select(i => Tensor.Of(Numbers(random, items * (i == 0 ? 8 : 4 - i)))),
            ];
            var batch = new QuadraticProgram(Tensor.Reshape(keys[2], [items, 2]))
            {
                P = seed % 2 == 0 ? null : Tensor.Expand(Tensor.Eye(2), [items, 2, 2]),
                G = Tensor.Reshape(keys[0], [items, 4, 2]),
                H = Tensor.Of([.. Numbers(random, items * 4).Zip(sizes, (x, size) => x * size)], [items, 4]),
            };
            QpSolution together = Argmin.SolveQp(batch);
            for (int item = 0; item < items; item++)
                SameBits(Argmin.SolveQp(Item(batch, item)), 0, together, item);
        }

        static double[] Numbers(Random random, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => (2.0 * random.NextDouble()) - 1.0)];
    }

    [Theory]
    [InlineData(6)]
    [InlineData(70)]
    public void Gradients_of_items_are_those_of_differentiating_them_alone(int n)
    {
        QuadraticProgram batch = Solvable(n, 5);
        Tensor[] together = Differentiation.Grad<Tensor[], Tensor>(
            x => Tensor.Sum(Argmin.Qp(With(batch, x))),
            Data(batch)
        );
        for (int item = 0; item < 5; item++)
        {
            QuadraticProgram alone = Item(batch, item);
            Tensor[] gradient = Differentiation.Grad<Tensor[], Tensor>(
                x => Tensor.Sum(Argmin.Qp(With(alone, x))),
                Data(alone)
            );
            for (int i = 0; i < gradient.Length; i++)
                Close.Normwise(gradient[i].ToArray(), together[i][item].ToArray(), 1e-14);
        }
    }

    [Fact]
    public void What_items_share_gets_the_sum_of_their_gradients()
    {
        Tensor q = Tensor.Stack([Hs76.Q, 1.1 * Hs76.Q, 0.9 * Hs76.Q, Hs76.Q + 0.1]);
        Tensor[] data = Data(Hs76);
        Tensor[] shared = Differentiation.Grad<Tensor[], Tensor>(
            x => Tensor.Sum(Argmin.Qp(With(Hs76, x))),
            [q, .. data[1..]]
        );
        Tensor[] summed = Array.ConvertAll(data, Tensor.ZerosLike);
        for (int item = 0; item < 4; item++)
        {
            Tensor[] gradient = Differentiation.Grad<Tensor[], Tensor>(
                x => Tensor.Sum(Argmin.Qp(With(Hs76, x))),
                [q[item], .. data[1..]]
            );
            Close.Normwise(gradient[0].ToArray(), shared[0][item].ToArray(), 1e-14);
            summed = [.. summed.Zip(gradient, (a, b) => a + b)];
        }
        for (int i = 1; i < summed.Length; i++)
            Close.Normwise(summed[i].ToArray(), shared[i].ToArray(), 1e-13);
        // Forward mode has no sum: a shared datum moves every item.
        Tensor moved = Differentiation
            .Jvp<Tensor, Tensor>(h => Argmin.Qp(Hs76 with { Q = q, H = h }), Hs76.H!, Tensor.Ones([3]))
            .Tangent;
        Close.Elementwise([Tensor.Sum(shared[3]).ToDouble()], [Tensor.Sum(moved).ToDouble()], 1e-13);
    }

    [Fact]
    public void Batch_axes_broadcast()
    {
        Tensor q = Tensor.Stack([Hs76.Q, 1.1 * Hs76.Q, 0.9 * Hs76.Q]);
        Tensor h = Tensor.Reshape(Tensor.Stack([Hs76.H!, Hs76.H! + 0.1]), [2, 1, 3]);
        Tensor x = Argmin.Qp(Hs76 with { Q = q, H = h });
        Assert.Equal([2, 3, 4], x.Shape);
        Assert.Equal(Argmin.Qp(Hs76 with { Q = q[1], H = h[1][0] }).ToArray(), x[1][1].ToArray());
        Assert.Equal([2, 3], Argmin.SolveQp(Hs76 with { Q = q, H = h }).Objective.Shape);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(70)]
    public void Under_vmap_it_is_one_batch(int n)
    {
        QuadraticProgram batch = Solvable(n, 9);
        Tensor[] mapped = Vectorisation.Vmap<Tensor[], Tensor[]>(x => [Argmin.Qp(With(batch, x))], Data(batch));
        Assert.Equal(Argmin.Qp(batch).ToArray(), mapped[0].ToArray());
        Tensor[] loop = Differentiation.Grad<Tensor[], Tensor>(x => Tensor.Sum(Argmin.Qp(With(batch, x))), Data(batch));
        Tensor[] gradients = Vectorisation.Vmap<Tensor[], Tensor[]>(
            x => Differentiation.Grad<Tensor[], Tensor>(y => Tensor.Sum(Argmin.Qp(With(batch, y))), x),
            Data(batch)
        );
        for (int i = 0; i < loop.Length; i++)
            Close.Normwise(loop[i].ToArray(), gradients[i].ToArray(), 1e-14);
        Tensor matrix = batch.G![0];
        Tensor once = Vectorisation.Vmap<Tensor, Tensor>(h => Argmin.Qp(Item(batch, 0) with { H = h }), batch.H!);
        for (int item = 0; item < 9; item++)
            Assert.Equal(
                Argmin.Qp(Item(batch, 0) with { G = matrix, H = batch.H![item] }).ToArray(),
                once[item].ToArray()
            );
    }

    /// <summary>Jacobians map cotangents or tangents over a solve that is mapped itself.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(66)]
    public void Jacobians_and_hessians_of_items(int n)
    {
        QuadraticProgram batch = Solvable(n, 3);
        Func<Tensor, Tensor, Tensor> x = (q, h) => Argmin.Qp(Item(batch, 0) with { Q = q, H = h });
        Tensor mapped = Vectorisation.Vmap(
            ((Tensor Q, Tensor H) at) => Jacobians.Jacobian(q => x(q, at.H), at.Q),
            (batch.Q, batch.H!)
        );
        Tensor curved = Vectorisation.Vmap(
            ((Tensor Q, Tensor H) at) => Jacobians.Hessian(q => Tensor.Sum(x(q, at.H) * x(q, at.H)), at.Q),
            (batch.Q, batch.H!)
        );
        for (int item = 0; item < 3; item++)
        {
            Tensor h = batch.H![item];
            Tensor alone = Jacobians.Jacobian(q => x(q, h), batch.Q[item]);
            Close.Normwise(alone.ToArray(), mapped[item].ToArray(), 1e-13);
            Tensor hessian = Jacobians.Hessian(q => Tensor.Sum(x(q, h) * x(q, h)), batch.Q[item]);
            Close.Normwise(hessian.ToArray(), curved[item].ToArray(), 1e-12);
        }
    }

    /// <summary>Every cotangent is one right side more for each item, whose system is that of the item.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(66)]
    public void The_jacobian_of_a_batch_has_those_of_its_items(int n)
    {
        QuadraticProgram batch = Solvable(n, 2);
        Tensor together = Jacobians.Jacobian(q => Argmin.Qp(batch with { Q = q }), batch.Q);
        for (int item = 0; item < 2; item++)
        {
            Tensor alone = Jacobians.Jacobian(q => Argmin.Qp(Item(batch, item) with { Q = q }), batch.Q[item]);
            Close.Normwise(alone.ToArray(), Between(item, item), 1e-14);
            Assert.All(Between(item, 1 - item), derivative => Assert.Equal(0.0, derivative));
        }

        double[] Between(int of, int by) => Tensor.Squeeze(Tensor.Slice(together[of], 1, by, by + 1), 1).ToArray();
    }

    /// <summary>Failed items take no part in a loss over the others, and their gradient is zero; one that counts is named.</summary>
    [Fact]
    public void The_gradient_of_a_batch_with_failures_is_that_of_the_solved_items()
    {
        QuadraticProgram batch = Mixed(6, 10);
        IReadOnlyList<QpStatus> statuses = Argmin.SolveQp(batch).Statuses;
        Tensor counts = Tensor.Of([.. statuses.Select(status => status == QpStatus.Solved ? 1.0 : 0.0)], [10, 1]);
        Tensor gradient = Differentiation.Grad<Tensor, Tensor>(
            q => Tensor.Sum(counts * Argmin.SolveQp(batch with { Q = q }).X),
            batch.Q
        );
        for (int item = 0; item < 10; item++)
            Close.Normwise(
                statuses[item] != QpStatus.Solved
                    ? new double[6]
                    : Differentiation
                        .Grad<Tensor, Tensor>(
                            q => Tensor.Sum(Argmin.Qp(Item(batch, item) with { Q = q })),
                            batch.Q[item]
                        )
                        .ToArray(),
                gradient[item].ToArray(),
                1e-14
            );
        SolveException error = Assert.Throws<SolveException>(() =>
            Differentiation
                .Grad<Tensor, Tensor>(q => Tensor.Sum(Argmin.SolveQp(batch with { Q = q }).X), batch.Q)
                .ToArray()
        );
        Assert.StartsWith(
            "[qp] a solution can be differentiated only where there is one. The status is",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static void SameBits(QpSolution expected, int from, QpSolution actual, int item)
    {
        Assert.Equal(expected.Statuses[from], actual.Statuses[item]);
        Assert.Equal(expected.Iterations[from], actual.Iterations[item]);
        Same(expected.X, actual.X);
        Same(expected.Y, actual.Y);
        Same(expected.Z, actual.Z);
        Same(expected.ZLower, actual.ZLower);

        void Same(Tensor one, Tensor all) => Assert.Equal(one.ToArray(), all[item].ToArray());
    }

    private static QuadraticProgram Solvable(int n, int items) =>
        Stack([.. Enumerable.Range(0, items).Select(i => One(n, i))]);

    /// <summary>Every tenth item is one of those that have no solution.</summary>
    private static QuadraticProgram Mixed(int n, int items) =>
        Stack([
            .. Enumerable
                .Range(0, items)
                .Select(i =>
                    (i % 10) switch
                    {
                        2 => One(n, i) with { H = Tensor.Concat([Tensor.Of(-1.0, -1.0), Tensor.Ones([n - 2])]) },
                        4 => One(n, i) with
                        {
                            P = Tensor.Zeros([n, n]),
                            G = Tensor.Zeros([n, n]),
                            A = Tensor.Zeros([1, n]),
                            B = Tensor.Zeros([1]),
                        },
                        6 => One(n, i) with { P = -Tensor.Eye(n) },
                        8 => One(n, i) with { Q = Tensor.Full([n], double.NaN) },
                        _ => One(n, i),
                    }
                ),
        ]);

    /// <summary>Its first two inequalities are g'x ≤ h₀ and −g'x ≤ h₁.</summary>
    private static QuadraticProgram One(int n, int seed)
    {
        QuadraticProgram qp = new RandomQp(seed, Nature.Curved, n, 1, n).Make();
        Tensor g = Tensor.Concat([qp.G![..1], -qp.G![..1], qp.G![2..]]);
        Tensor h = Tensor.Concat([Tensor.Of(0.9, 0.8), Tensor.Abs(qp.H![2..])]);
        return qp with { G = g, H = h, B = Tensor.Zeros([1]), Lower = Tensor.Full([n], -2.0) };
    }

    private static QuadraticProgram Stack(QuadraticProgram[] items) =>
        With(
            items[0],
            [
                .. Enumerable
                    .Range(0, Data(items[0]).Length)
                    .Select(i => Tensor.Stack([.. items.Select(item => Data(item)[i])])),
            ]
        );

    private static QuadraticProgram Item(QuadraticProgram batch, int item) =>
        With(batch, [.. Data(batch).Select(datum => datum[item])]);
}
