using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>A batch is the loop over its items, to the bit.</summary>
public sealed class BatchTests
{
    private static readonly Tensor Starts = Tensor.Of(
        new double[,]
        {
            { 0.7, -0.4 },
            { 3.0, 1.0 },
            { -0.1, 0.2 },
        }
    );
    private static readonly Tensor Params = Tensor.Of(
        new double[,]
        {
            { 0.9, 1.3, 0.6 },
            { 5.0, -1.0, 8.0 },
            { 0.1, 0.0, 0.2 },
        }
    );
    private static readonly Tensor Grids = Tensor.Of(
        new double[,]
        {
            { 0.0, 0.5, 1.0 },
            { 0.0, 0.1, 3.0 },
            { 2.0, 1.0, -1.0 },
        }
    );

    public static TheoryData<bool, bool, bool, string> Subsets
    {
        get
        {
            var data = new TheoryData<bool, bool, bool, string>();
            for (int subset = 1; subset < 8; subset++)
                foreach (string adjoint in (string[])["direct", "checkpointed 2", "backsolve"])
                    data.Add((subset & 1) != 0, (subset & 2) != 0, (subset & 4) != 0, adjoint);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Subsets))]
    public void Values_gradients_and_tangents_are_the_loops(bool starts, bool parameters, bool times, string adjoint)
    {
        Tensor[] batch = [.. Chosen(starts, parameters, times, whole => whole)];
        Check(adjoint, batch, (starts, parameters, times), x => [Solve(adjoint, x)]);
        Check(
            adjoint,
            batch,
            (starts, parameters, times),
            x => Differentiation.Grad<Tensor[], Tensor>(at => Loss(adjoint, at), x)
        );
        Check(
            adjoint,
            batch,
            (starts, parameters, times),
            x =>
                [
                    Differentiation
                        .Jvp<Tensor[], Tensor>(at => Loss(adjoint, at), x, [.. x.Select(Tensor.OnesLike)])
                        .Tangent,
                ]
        );
    }

    /// <summary>The gradient of a sum over items is the stack of the items' gradients.</summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("checkpointed 2")]
    [InlineData("backsolve")]
    public void Gradient_of_a_batch_is_the_batch_of_gradients(string adjoint)
    {
        (Tensor, Tensor) x = (Starts, Params);
        Func<(Tensor Y0, Tensor P), Tensor> loss = at => Loss(adjoint, [at.Y0, at.P, Grids[0]]);
        (Tensor y0, Tensor p) = Differentiation.Grad(at => Tensor.Sum(Vectorisation.Vmap(loss, at)), x);
        (Tensor mappedY0, Tensor mappedP) = Vectorisation.Vmap(at => Differentiation.Grad(loss, at), x);
        Assert.Equal(mappedY0.ToArray(), y0.ToArray());
        Assert.Equal(mappedP.ToArray(), p.ToArray());
        // A shared parameter sums over the items.
        Tensor shared = Differentiation.Grad(
            one => Tensor.Sum(Vectorisation.Vmap(y => Loss(adjoint, [y, one, Grids[0]]), Starts)),
            Params[0]
        );
        Tensor single = Tensor.Sum(
            Vectorisation.Vmap(y => Differentiation.Grad(one => Loss(adjoint, [y, one, Grids[0]]), Params[0]), Starts),
            0
        );
        Close.Normwise(single.ToArray(), shared.ToArray(), 1e-14);
    }

    /// <summary>The item that blows up is named; the others, solved alone, do not notice.</summary>
    [Fact]
    public void A_failing_item_is_named()
    {
        Tensor starts = Tensor.Of(0.1, 2.0, 0.2);
        Func<Tensor, Tensor> end = y0 => Implicit.Ode.Integrate((t, y) => y * y, Tensor.Of(0.0, 1.0), y0)[1];
        SolveException error = Assert.Throws<SolveException>(() => Vectorisation.Vmap(end, starts).ToArray());
        Assert.Contains("item 1 of 3", error.Message);
        Assert.Contains("t = 0.5", error.Message);
        OdeStatus[] alone =
        [
            .. starts
                .ToArray()
                .Select(y0 => Implicit.Ode.Solve((t, y) => y * y, Tensor.Of(0.0, 1.0), Tensor.Scalar(y0)).Status),
        ];
        Assert.Equal(OdeStatus.Success, alone[0]);
        Assert.NotEqual(OdeStatus.Success, alone[1]);
        Assert.Equal(OdeStatus.Success, alone[2]);
    }

    /// <summary>Each item has its own account, to the bit that of its own solve; what it did not reach is no number.</summary>
    [Fact]
    public void Each_item_has_its_own_account()
    {
        Tensor times = Tensor.Of(0.0, 0.3, 1.0);
        Tensor rates = Tensor.Of(1.0, -0.5, 2.0, double.NaN);
        (Tensor A, Tensor B) starts = (Tensor.Of(0.5, 2.0, 1.0, 1.0), Tensor.Ones([4, 2]));
        OdeSolutions<(Tensor A, Tensor B)> all = Implicit.Ode.SolveEach(Field, rates, times, starts);
        OdeStatus[] expected = [OdeStatus.Success, OdeStatus.Success, OdeStatus.StepTooSmall, OdeStatus.NonFinite];
        Assert.Equal(expected, all.Items.Select(item => item.Status));
        Assert.False(all.IsSuccess);
        Assert.Contains("StepTooSmall: at t = 0.67", all.Message, StringComparison.Ordinal);
        Assert.EndsWith("This was item 2 of 4.", all.ToString(), StringComparison.Ordinal);
        for (int i = 0; i < 4; i++)
        {
            OdeSolution<(Tensor A, Tensor B)> item = all.Items[i];
            OdeSolution<(Tensor A, Tensor B)> alone = Implicit.Ode.Solve(
                (t, y) => Field(rates[i], t, y),
                times,
                (starts.A[i], starts.B[i])
            );
            Assert.Equal(alone.ToString(), item.ToString());
            int reached = alone.Times.Length;
            Assert.Equal(alone.Values.A.ToArray(), all.Values.A[i][..reached].ToArray());
            Assert.Equal(alone.Values.B.ToArray(), all.Values.B[i][..reached].ToArray());
            Assert.All(all.Values.A[i][reached..].ToArray(), y => Assert.Equal(double.NaN, y));
            Assert.All(all.Values.B[i][reached..].ToArray(), y => Assert.Equal(double.NaN, y));
        }
        Assert.Equal([4, 3, 2], all.Values.B.Shape.ToArray());
        Assert.Equal(all.Values.A[1][2].ToArray(), all.Items[1].At(1.0).A.ToArray());

        static (Tensor A, Tensor B) Field(Tensor rate, Tensor t, (Tensor A, Tensor B) y) =>
            (0.1 * Tensor.Exp(rate) * rate * y.A * y.A, -y.B);
    }

    /// <summary>The items that were solved are a batch that can be differentiated.</summary>
    [Fact]
    public void Items_that_fail_can_be_left_out()
    {
        Tensor times = Tensor.Of(0.0, 1.0);
        Tensor starts = Tensor.Of(0.5, 2.0, -1.0);
        Func<Tensor, Tensor, Tensor, Tensor> field = (rate, t, y) => rate * y * y;
        OdeSolutions<Tensor> all = Implicit.Ode.SolveEach(field, Tensor.Ones([3]), times, starts);
        Tensor good = Tensor.Gather(
            starts,
            Tensor.Of([.. Enumerable.Range(0, 3).Where(i => all.Items[i].IsSuccess).Select(i => (long)i)])
        );
        Tensor gradient = Differentiation.Grad(
            rate =>
                Tensor.Sum(
                    Vectorisation.Vmap(y0 => Implicit.Ode.Integrate((t, y) => field(rate, t, y), times, y0)[1], good)
                ),
            Tensor.Scalar(1.0)
        );
        // y(1) = y₀/(1 − k·y₀), and its derivative by k is its square.
        Close.Elementwise([1.0 + 0.25], gradient.ToArray(), 1e-6);
    }

    /// <summary>Accounts are of numbers: neither the data nor the starts are taken for constants.</summary>
    [Fact]
    public void Accounts_inside_a_transform_are_refused()
    {
        Tensor numbers = Tensor.Of(1.0, 2.0);
        foreach (bool isOfStart in (bool[])[false, true])
        {
            TensorException error = Assert.Throws<TensorException>(() =>
                Differentiation.Grad(
                    x =>
                        Tensor.Sum(
                            Implicit
                                .Ode.SolveEach(
                                    (Tensor k, Tensor t, Tensor y) => -k * y,
                                    isOfStart ? numbers : x,
                                    Tensor.Of(0.0, 1.0),
                                    isOfStart ? x : numbers
                                )
                                .Values
                        ),
                    numbers
                )
            );
            Assert.Contains("inside a transform use odeint", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Batches_of_unequal_extents_are_refused()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            Implicit.Ode.SolveEach((Tensor k, Tensor t, Tensor y) => k * y, Tensor.Ones([2]), Grids[0], Starts)
        );
        Assert.Contains("[Ode.solveEach]", error.Message, StringComparison.Ordinal);
        Assert.Contains("batch axis", error.Message, StringComparison.Ordinal);
    }

    private static void Check(
        string adjoint,
        Tensor[] batch,
        (bool Starts, bool Parameters, bool Times) chosen,
        Func<Tensor[], Tensor[]> f
    )
    {
        Tensor[] mapped = Vectorisation.Vmap(items => f(Whole(items, chosen)), batch);
        Tensor[][] looped = [.. Enumerable.Range(0, 3).Select(i => f(Whole([.. batch.Select(one => one[i])], chosen)))];
        for (int r = 0; r < mapped.Length; r++)
            Assert.Equal(looped.SelectMany(one => one[r].ToArray()).ToArray(), mapped[r].ToArray());
    }

    private static Tensor[] Whole(Tensor[] items, (bool Starts, bool Parameters, bool Times) chosen)
    {
        var next = new Queue<Tensor>(items);
        return
        [
            chosen.Starts ? next.Dequeue() : Starts[0],
            chosen.Parameters ? next.Dequeue() : Params[0],
            chosen.Times ? next.Dequeue() : Grids[0],
        ];
    }

    private static IEnumerable<Tensor> Chosen(bool starts, bool parameters, bool times, Func<Tensor, Tensor> pick)
    {
        if (starts)
            yield return pick(Starts);
        if (parameters)
            yield return pick(Params);
        if (times)
            yield return pick(Grids);
    }

    private static Tensor Solve(string adjoint, Tensor[] x) =>
        Implicit.Ode.Integrate(
            (t, y) => Weighted.Field(x[1], t, y),
            x[2],
            x[0],
            Problems.At(Tableau.Tsit5, 1e-6) with
            {
                Adjoint = Methods.Adjoints[adjoint],
            }
        );

    private static Tensor Loss(string adjoint, Tensor[] x)
    {
        Tensor y = Solve(adjoint, x);
        return Tensor.Sum(y * y * y);
    }
}
