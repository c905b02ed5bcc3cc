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
