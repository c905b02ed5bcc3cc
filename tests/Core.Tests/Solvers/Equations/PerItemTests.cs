using Implicit.Solvers;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>A function of a whole batch, whose rows are solved each by itself.</summary>
public sealed class PerItemTests
{
    private const int Items = 6;
    private const int N = 5;

    private static readonly Tensor W = Draw(1, N, N) * 0.2;
    private static readonly Tensor U = Draw(2, 3, N);

    /// <summary>Rows of different size, so that they take different numbers of steps.</summary>
    private static readonly Tensor X = Draw(3, Items, 3) * Reshape(Linspace(0.1, 2.5, Items), [Items, 1]);

    public static TheoryData<string> Methods => [.. EquationCases.Methods.Keys];

    public static TheoryData<string> Derivatives => [.. EquationCases.Derivatives.Keys];

    /// <summary>To the bit what the function of one item gives, step by step, with a history and an end of its own.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void An_item_is_what_it_is_alone(string method)
    {
        var options = new EquationOptions { Method = EquationCases.Methods[method], PerItem = true };
        Solution<Tensor> together = Implicit.FixedPoint.Solve(z => Layer(z, X), Zeros([Items, N]), options);
        Assert.True(together.IsSuccess, together.Message);
        Assert.Equal(Items, together.Reports.Count);
        if (options.Method is not Newton)
            Assert.True(together.Reports.Select(report => report.Steps).Distinct().Count() > 1);
        Tensor found = FixedPoint(z => Layer(z, X), Zeros([Items, N]), options);
        for (int i = 0; i < Items; i++)
        {
            Tensor own = X[i];
            Solution<Tensor> alone = Implicit.FixedPoint.Solve(
                z => Layer(z, own),
                Zeros([N]),
                options with
                {
                    PerItem = false,
                }
            );
            Assert.Equal(alone.Value.ToArray(), together.Value[i].ToArray());
            Assert.Equal(alone.Value.ToArray(), found[i].ToArray());
            Assert.Equal(alone.Trace, together.Reports[i].Trace);
        }
    }

    /// <summary>With as many items as unknowns too, where solutions are held against the function of all.</summary>
    [Theory]
    [MemberData(nameof(Derivatives))]
    public void Derivatives_are_those_of_the_items(string derivative)
    {
        DifferentiatesItems(derivative, Items);
        DifferentiatesItems(derivative, N);
    }

    private static void DifferentiatesItems(string derivative, int items)
    {
        var options = new EquationOptions
        {
            MaxSteps = 120,
            RelativeTolerance = 1e-13,
            Derivative = EquationCases.Derivatives[derivative],
            PerItem = true,
        };
        Tensor Whole(Tensor[] p) =>
            Sum(Exp(FixedPoint(z => Tanh(MatMul(z, p[0]) + MatMul(p[1], U)), Zeros([items, N]), options)));
        Tensor Mapped(Tensor[] p) =>
            Sum(
                Vmap(
                    x =>
                        Sum(
                            Exp(
                                FixedPoint(
                                    z => Tanh(MatMul(z, p[0]) + MatMul(x, U)),
                                    Zeros([N]),
                                    options with
                                    {
                                        PerItem = false,
                                    }
                                )
                            )
                        ),
                    p[1]
                )
            );
        Tensor[] at = [W, X[..items]];
        Tensor[] direction = [Draw(7, N, N), Draw(8, items, 3)];
        Same(Grad(Mapped, at), Grad(Whole, at));
        Same([Jvp(Mapped, at, direction).Tangent], [Jvp(Whole, at, direction).Tangent]);
        Same(Hvp(Mapped, at, direction), Hvp(Whole, at, direction));
        const double h = 1e-5;
        Tensor Along(double t) => Whole([W + (t * direction[0]), X[..items] + (t * direction[1])]);
        Assert.Equal(((Along(h) - Along(-h)) / (2 * h)).ToDouble(), Jvp(Whole, at, direction).Tangent.ToDouble(), 1e-6);
    }

    /// <summary>Batches of batches: what is held against the function of all is each batch by itself.</summary>
    [Fact]
    public void A_batch_of_square_batches()
    {
        var options = new EquationOptions { PerItem = true };
        Tensor x = Draw(4, 2, N, 3);
        Tensor Solved(Tensor one) => FixedPoint(z => Layer(z, one), Zeros([N, N]), options);
        Tensor found = Vmap(Solved, x);
        for (int i = 0; i < 2; i++)
            Close.Elementwise(Solved(x[i]).ToArray(), found[i].ToArray(), 0.0);
        Tensor shift = Draw(5, 2, N, N);
        Assert.Throws<TensorException>(() =>
            Vmap(one => FixedPoint(z => Tanh((0.3 * z) + (0.2 * Sum(z, 1)) + one), Zeros([N, N]), options), shift)
                .ToArray()
        );
    }

    /// <summary>As many items as unknowns: no extent tells the axes apart.</summary>
    [Fact]
    public void A_square_batch()
    {
        var options = new EquationOptions { PerItem = true };
        Tensor x = Draw(4, N, 3);
        Tensor bias = Draw(5, N) * 0.3;
        Tensor gates = Draw(6, N, 1);
        Tensor Cell(Tensor z, Tensor x, Tensor gate) => (gate * Tanh(MatMul(z, W) + bias)) + MatMul(x, U);
        Tensor found = FixedPoint(z => Cell(z, x, gates), Zeros([N, N]), options);
        for (int i = 0; i < N; i++)
            Close.Elementwise(FixedPoint(z => Cell(z, x[i], gates[i]), Zeros([N])).ToArray(), found[i].ToArray(), 0.0);
    }

    /// <summary>Normalisation along features, pooling, slices, concatenation, attention over tokens: rows stay apart.</summary>
    [Fact]
    public void Rows_stay_apart_through_what_layers_are_made_of()
    {
        Holds(z => 0.3 * LayerNorm(z + X[.., ..1]));
        Holds(z => 0.2 * Concat([z[.., 1..], MatMul(X, U)[.., ..1]], 1));
        Holds(z => Pad(0.5 * Tanh(z[.., ..3]), [0, 1], [0, 1]) + MatMul(X, U));
        Holds(z => 0.3 * Softmax(z + MatMul(X, U)));
        Holds(z => Where(Greater(X[.., ..1], 0.0), 0.5 * z, -0.5 * z) + (0.1 * Mean(z, true, 1)) + 1.0);
        Holds(z => 0.2 * Reshape(Einsum("bij,kj->bik", Reshape(z, [Items, 1, N]), W), [Items, N]) + MatMul(X, U));
        Holds(z => MatMul(X, U));

        static void Holds(Func<Tensor, Tensor> f)
        {
            var options = new EquationOptions { PerItem = true };
            Solution<Tensor> solution = Implicit.FixedPoint.Solve(f, Zeros([Items, N]), options);
            Assert.True(solution.IsSuccess, solution.Message);
            Close.Elementwise(f(solution.Value).ToArray(), solution.Value.ToArray(), 1e-8);
        }
    }

    /// <summary>Whether captures are per item is found one by one: forty take no longer than forty times one.</summary>
    [Fact]
    public void An_operation_takes_any_number_of_captures()
    {
        Tensor[] parts = [.. Enumerable.Range(0, 40).Select(seed => Draw(seed, Items, 1))];
        Tensor F(Tensor z, Tensor[] given) =>
            0.2 * Concat([z[.., ..2] + Mean(Concat([z, .. given], 1), true, 1), .. given[..3]], 1);
        Tensor found = FixedPoint(z => F(z, parts), Zeros([Items, N]), new EquationOptions { PerItem = true });
        for (int i = 0; i < Items; i++)
        {
            Tensor[] own = [.. parts.Select(part => part[i..(i + 1)])];
            Close.Elementwise(FixedPoint(z => F(z, own), Zeros([1, N])).ToArray(), found[i].ToArray(), 0.0);
        }
    }

    [Fact]
    public void The_state_is_any_tree()
    {
        (Tensor A, Tensor B) found = FixedPoint(
            z => (0.5 * Cos(Sum(z.B, 1)) + X[.., 0], (Reshape(Sin(z.A), [Items, 1]) * z.B * 0.5) + 0.1),
            (A: Zeros([Items]), B: Zeros([Items, 2])),
            new EquationOptions { PerItem = true }
        );
        Close.Elementwise((0.5 * Cos(Sum(found.B, 1)) + X[.., 0]).ToArray(), found.A.ToArray(), 1e-9);
        Tensor root = Root(z => (z * z) - Exp(X), Ones([Items, 3]), new EquationOptions { PerItem = true });
        Close.Elementwise(Exp(0.5 * X).ToArray(), root.ToArray(), 1e-9);
    }

    [Fact]
    public void A_failed_item_changes_no_other()
    {
        Tensor scale = Tensor.Of([0.5, double.NaN, 0.3, 2.0], [4, 1]);
        Solution<Tensor> solution = Implicit.FixedPoint.Solve(
            z => (scale * z) + 1.0,
            Zeros([4, 2]),
            new EquationOptions { Method = new Picard(), PerItem = true }
        );
        Assert.Equal(
            [SolveStatus.Success, SolveStatus.NonFinite, SolveStatus.Success, SolveStatus.Diverged],
            solution.Reports.Select(report => report.Status)
        );
        Assert.Equal(2.0, solution.Value[0][1].ToDouble(), 1e-9);
    }

    [Fact]
    public void Rows_that_meet_are_refused()
    {
        Refused("sum", z => 0.5 * (z - Mean(z, true, 0)));
        Refused("matmul", z => MatMul(Draw(9, Items, Items) * 0.1, z) + 1.0);
        Refused("slice", z => 0.5 * Flip(z, 0));
        Refused("cumsum", z => 0.5 * Cumsum(z));
        Refused("reshape", z => 0.5 * Reshape(Reshape(z, [Items * N]) + 1.0, [Items, N]));
        Refused("permute", z => 0.1 * MatMul(z.T, z)[..1] + z);
        Refused("concat", z => 0.5 * Concat([z, z])[Items..]);

        static void Refused(string op, Func<Tensor, Tensor> f)
        {
            var error = Assert.Throws<TensorException>(() =>
                FixedPoint(f, Zeros([Items, N]), new EquationOptions { PerItem = true })
            );
            Assert.StartsWith("[fixedPoint] for perItem, row i of what", error.Message, StringComparison.Ordinal);
            Assert.True(error.Message.Contains($"Received {op}", StringComparison.Ordinal), error.Message);
        }
    }

    /// <summary>Where the extents hide it, the values tell: row i of this function has the sums of all rows.</summary>
    [Fact]
    public void Rows_that_meet_unseen_are_refused_by_their_values()
    {
        Tensor x = Draw(4, N, N);
        Tensor Mixing(Tensor z) => Tanh((0.3 * z) + (0.2 * Sum(z, 1)) + x);
        var options = new EquationOptions { PerItem = true };
        string[] messages =
        [
            Assert.Throws<TensorException>(() => FixedPoint(Mixing, Zeros([N, N]), options)).Message,
            Assert
                .Throws<TensorException>(() =>
                    Implicit.FixedPoint.Solve(Mixing, Zeros([N, N]), options).Value.ToArray()
                )
                .Message,
        ];
        Assert.All(messages, message => Assert.Contains("is another among the others than by itself", message));
    }

    /// <summary>Row 0 takes the root of what row 1 has, which is negative: by itself it is a number, among the others it is none.</summary>
    [Fact]
    public void Rows_that_make_each_other_NaN_are_refused()
    {
        Tensor start = Tensor.Of([5.0, 5.0, 0.1, 0.1], [2, 2]);
        Tensor shift = Tensor.Of([-5.0, -5.0, 1.0, 1.0], [2, 2]);
        Tensor gate = Tensor.Of([0.1, 0.0], [2, 1]);
        Tensor Mixing(Tensor z) => start + Where(Greater(gate, 0.0), gate * Sqrt(shift + Sum(z, 1)), 0.0);
        var options = new EquationOptions { Method = new Picard(), PerItem = true };
        string[] messages =
        [
            Assert.Throws<TensorException>(() => FixedPoint(Mixing, start, options)).Message,
            Assert.Throws<TensorException>(() => Implicit.FixedPoint.Solve(Mixing, start, options)).Message,
        ];
        Assert.All(messages, message => Assert.Contains("row 0 of 2 is another among the others", message));
    }

    /// <summary>As many items as unknowns, so that solutions are held against the function of all: what has failed is not asked.</summary>
    [Fact]
    public void A_failed_item_of_a_square_batch_is_no_mixing()
    {
        Tensor scale = Tensor.Of([0.5, double.NaN, 2.0], [3, 1]);
        Solution<Tensor> solution = Implicit.FixedPoint.Solve(
            z => (scale * z) + 1.0,
            Zeros([3, 3]),
            new EquationOptions { Method = new Picard(), PerItem = true }
        );
        Assert.Equal(
            [SolveStatus.Success, SolveStatus.NonFinite, SolveStatus.Diverged],
            solution.Reports.Select(report => report.Status)
        );
        Assert.Equal(2.0, solution.Value[0][1].ToDouble(), 1e-9);
    }

    /// <summary>The function of all items is computed once more only where types leave a doubt: another axis as long as that of the items.</summary>
    [Theory]
    [InlineData(3, false)]
    [InlineData(N, true)]
    public void Solutions_are_held_where_types_leave_a_doubt(int items, bool isHeld)
    {
        Tensor z = Zeros([items, N]);
        TracedProblem<Tensor> problem = TracedProblem.PerItem(
            "test",
            state => [Tanh(MatMul(state, W))],
            (state, value) => value - state,
            z
        );
        Assert.Equal(isHeld, !ReferenceEquals(z, problem.Held(z, null)));
    }

    [Fact]
    public void A_certificate_has_a_row_per_item()
    {
        Tensor Loss(Tensor[] p) =>
            Sum(
                FixedPoint(
                    z => Layer(z, p[0]),
                    Zeros([Items, N]),
                    new EquationOptions { PerItem = true, Certificate = p[1] }
                )
            );
        Tensor[] gradient = Grad(Loss, (Tensor[])[X, Zeros([Items, 4])]);
        for (int i = 0; i < Items; i++)
            Assert.True(LinearReport.Read(gradient[1][i]).IsSuccess);
    }

    private static Tensor Layer(Tensor z, Tensor x) => Tanh(MatMul(z, W) + MatMul(x, U));

    private static Tensor Draw(int seed, params int[] shape) =>
        Tensor.Of(
            [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(i => Math.Sin((i * i * 0.37) + i + seed))],
            shape
        );

    private static void Same(Tensor[] expected, Tensor[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Close.Normwise(expected[i].ToArray(), actual[i].ToArray(), 1e-9);
    }
}
