using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>What is given for problems that are not solved: an item that fails takes nothing from the others.</summary>
public sealed class OnFailTests
{
    /// <summary>z² = a, with no solution where a is negative.</summary>
    private static readonly Tensor Squares = Tensor.Of(4.0, -1.0, 9.0, -5.0, 2.0);

    /// <summary>1 where a solution is, 0 where none is.</summary>
    private static readonly double[] AreSolved = [1.0, 0.0, 1.0, 0.0, 1.0];

    /// <summary>Ways to solve z² = a·w from 1, in a batch or alone.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor, OnFail, Tensor>> Solvers = new()
    {
        ["newton"] = (a, w, policy) => Root.Find(z => (z * z) - (a * w), Tensor.Scalar(1.0), Options(policy)),
        ["broyden"] = (a, w, policy) =>
            Root.Find(
                z => (z * z) - (a * w),
                Tensor.Scalar(1.0),
                Options(policy) with
                {
                    Method = new Broyden(),
                    MaxSteps = 60,
                }
            ),
        ["fixedPoint"] = (a, w, policy) =>
            FixedPoint.Find(z => 0.5 * (z + (a * w / z)), Tensor.Scalar(1.0), Options(policy)),
        ["picard"] = (a, w, policy) =>
            FixedPoint.Find(
                z => 0.5 * (z + (a * w / z)),
                Tensor.Scalar(1.0),
                Options(policy) with
                {
                    Method = new Picard(),
                }
            ),
        ["leastSquares"] = (a, w, policy) =>
            Implicit.LeastSquares.Fit(
                (Tensor z) => (z * z) - (a * w) + (0.0 * Tensor.Sqrt((a * w) + (0.0 * z))),
                Tensor.Scalar(1.0),
                new LeastSquaresOptions { OnFail = policy, MaxSteps = 50 }
            ),
        ["minimise"] = (a, w, policy) =>
            Implicit.Minimise.Argmin(
                (Tensor z) => (z * z * z / 3.0) - (a * w * z) + (0.0 * Tensor.Sqrt((a * w) + (0.0 * z))),
                Tensor.Scalar(1.0),
                new MinimiseOptions { OnFail = policy, MaxSteps = 50 }
            ),
    };

    public static TheoryData<string> Cases => [.. Solvers.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_failed_item_is_NaN_and_the_others_are_what_they_are_alone(string solver)
    {
        Tensor all = Batch(solver, Tensor.Scalar(1.0));
        for (int item = 0; item < AreSolved.Length; item++)
        {
            double root = AreSolved[item] > 0.0 ? Math.Sqrt(Squares[item].ToArray()[0]) : double.NaN;
            Close.Elementwise([root], all[item].ToArray(), 1e-7);
            Assert.Equal(Solvers[solver](Squares[item], Tensor.Scalar(1.0), OnFail.Nan).ToArray(), all[item].ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Without_a_policy_it_is_an_error(string solver) =>
        Assert.Contains(
            "item 1",
            Assert
                .Throws<SolveException>(() =>
                    Vectorisation.Vmap(a => Solvers[solver](a, Tensor.Scalar(1.0), OnFail.Throw), Squares).ToArray()
                )
                .Message
        );

    /// <summary>Σ√(a·w) over what is solved, at w = 1: Σ√a/2, and −Σ√a/4 its derivative; by a: 1/(2√a), where the item is solved.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_that_leaves_it_out_has_the_derivatives_of_the_others(string solver)
    {
        Tensor one = Tensor.Scalar(1.0);
        double sum = AreSolved.Select((there, i) => there > 0.0 ? Math.Sqrt(Squares[i].ToArray()[0]) : 0.0).Sum();
        Tensor Loss(Tensor w) => Kept(Batch(solver, w));
        Tensor Slope(Tensor w) => Differentiation.Grad(Loss, w);
        Close.Elementwise([sum / 2.0], Slope(one).ToArray(), 1e-6);
        Close.Elementwise([sum / 2.0], Differentiation.Jvp(Loss, one, one).Tangent.ToArray(), 1e-6);
        Close.Elementwise([-sum / 4.0], Differentiation.Grad(Slope, one).ToArray(), 1e-5);
        Close.Elementwise([-sum / 4.0], Differentiation.Jvp(Slope, one, one).Tangent.ToArray(), 1e-5);
        Tensor byData = Differentiation.Grad(
            (Tensor squares) => Kept(Vectorisation.Vmap(a => Solvers[solver](a, one, OnFail.Nan), squares)),
            Squares
        );
        double[] expected =
        [
            .. AreSolved.Select((there, i) => there > 0.0 ? 0.5 / Math.Sqrt(Squares[i].ToArray()[0]) : 0.0),
        ];
        Close.Elementwise(expected, byData.ToArray(), 1e-6);
    }

    /// <summary>The derivative is taken of each item, and then all of them at once.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_gradient_under_vmap_is_that_of_each(string solver)
    {
        Tensor Slope(Tensor a) =>
            Differentiation.Grad((Tensor a) => Kept(Solvers[solver](a, Tensor.Scalar(1.0), OnFail.Nan)), a);
        double[] expected =
        [
            .. AreSolved.Select((there, i) => there > 0.0 ? 0.5 / Math.Sqrt(Squares[i].ToArray()[0]) : 0.0),
        ];
        Close.Elementwise(expected, Vectorisation.Vmap(Slope, Squares).ToArray(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Where_nothing_is_solved_nothing_has_a_derivative(string solver)
    {
        Tensor none = Tensor.Of(-1.0, -5.0);
        Tensor Loss(Tensor w) => Kept(Vectorisation.Vmap(a => Solvers[solver](a, w, OnFail.Nan), none));
        Assert.Equal([0.0], Differentiation.Grad(Loss, Tensor.Scalar(1.0)).ToArray());
        Assert.Equal([0.0], Differentiation.Jvp(Loss, Tensor.Scalar(1.0), Tensor.Scalar(1.0)).Tangent.ToArray());
    }

    /// <summary>A datum that is NaN fails by itself; where it meets nothing shared outside the solve, that has the derivatives of the others.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_datum_that_is_NaN_spoils_nothing_else(string solver)
    {
        Tensor Loss(Tensor w) =>
            Kept(
                Vectorisation.Vmap(
                    a => Solvers[solver](a + (0.0 * w), Tensor.Scalar(1.0), OnFail.Nan),
                    Tensor.Of(4.0, double.NaN)
                )
            );
        Close.Elementwise([2.0], Loss(Tensor.Scalar(1.0)).ToArray(), 1e-7);
        Assert.Equal([0.0], Differentiation.Grad(Loss, Tensor.Scalar(1.0)).ToArray());
    }

    /// <summary>A loss that does not leave it out is NaN itself: nothing passes silently.</summary>
    [Fact]
    public void A_loss_of_all_is_NaN() =>
        Assert.True(double.IsNaN(Tensor.Sum(Batch("newton", Tensor.Scalar(1.0))).ToArray()[0]));

    [Fact]
    public void Rows_that_one_function_states_are_solved_or_not_by_themselves()
    {
        Tensor squares = Tensor.Reshape(Squares, [5, 1]);
        Tensor Solve(Tensor w) =>
            Root.Find(z => (z * z) - (squares * w), Tensor.Ones([5, 1]), Options(OnFail.Nan) with { PerItem = true });
        Tensor z = Solve(Tensor.Scalar(1.0));
        Close.Elementwise([2.0, double.NaN, 3.0, double.NaN, Math.Sqrt(2.0)], z.ToArray(), 1e-9);
        Tensor slope = Differentiation.Grad((Tensor w) => Kept(Solve(w)), Tensor.Scalar(1.0));
        Close.Elementwise([(5.0 + Math.Sqrt(2.0)) / 2.0], slope.ToArray(), 1e-9);
    }

    /// <summary>z = z/2 + a is 2a; three steps from 0 are 2a·(1 − 1/8).</summary>
    [Fact]
    public void The_best_iterate_may_be_taken_for_the_solution()
    {
        EquationOptions options = new()
        {
            Method = new Picard(),
            MaxSteps = 3,
            OnFail = OnFail.Best,
        };
        Tensor Solve(Tensor a) => FixedPoint.Find(z => (0.5 * z) + a, Tensor.Scalar(0.0), options);
        Tensor a = Tensor.Scalar(1.0);
        Close.Elementwise([1.75], Solve(a).ToArray(), 1e-15);
        Close.Elementwise([2.0], Differentiation.Grad(Solve, a).ToArray(), 1e-12);
        options = options with { Derivative = new ImplicitDerivative.Unrolled() };
        Close.Elementwise([1.75], Differentiation.Grad(Solve, a).ToArray(), 1e-12);
    }

    [Theory]
    [InlineData("neumann")]
    [InlineData("one step")]
    [InlineData("unrolled")]
    public void Other_derivatives_leave_failed_items_out_too(string how)
    {
        ImplicitDerivative derivative = how switch
        {
            "neumann" => new ImplicitDerivative.Neumann(60),
            "one step" => new ImplicitDerivative.OneStep(),
            _ => new ImplicitDerivative.Unrolled(),
        };
        EquationOptions options = Options(OnFail.Nan) with { Method = new Picard(), Derivative = derivative };
        Tensor Slope(Tensor data, Tensor w) =>
            Differentiation.Grad(
                (Tensor w) => Kept(Vectorisation.Vmap(a => FixedPoint.Find(z => (0.25 * z * a) + w, w, options), data)),
                w
            );
        Tensor w = Tensor.Scalar(0.7);
        Tensor good = Slope(Tensor.Of(1.0, 2.0), w);
        Close.Elementwise(good.ToArray(), Slope(Tensor.Of(1.0, 5.0, -7.0, 2.0), w).ToArray(), 1e-12);
        Tensor Solved(Tensor w) => FixedPoint.Find(z => (5.0 * z) + w, w, options);
        Assert.Equal([0.0], Differentiation.Jvp(Solved, w, w).Tangent.ToArray());
        Assert.Equal([0.0], Differentiation.Grad(Solved, w).ToArray());
    }

    /// <summary>Newton's steps for c·√z − a = z leave the domain at a = 3: the NaN of that item takes nothing from the others.</summary>
    [Fact]
    public void Steps_that_are_not_finite_take_nothing_from_other_items()
    {
        EquationOptions options = Options(OnFail.Nan) with
        {
            Method = new Newton(),
            Derivative = new ImplicitDerivative.Unrolled(),
            MaxSteps = 30,
        };
        Tensor Sum(Tensor data, Tensor c) =>
            Kept(
                Vectorisation.Vmap(
                    a => FixedPoint.Find(z => (c * Tensor.Sqrt(z)) - a, Tensor.Scalar(1.0), options),
                    data
                )
            );
        Tensor c = Tensor.Scalar(0.9);
        double[] expected = Differentiation.Grad((Tensor c) => Sum(Tensor.Of(0.1, 0.2), c), c).ToArray();
        Tensor All(Tensor c) => Sum(Tensor.Of(0.1, 3.0, 0.2), c);
        Close.Elementwise(expected, Differentiation.Grad(All, c).ToArray(), 1e-9);
        Close.Elementwise(expected, Differentiation.Jvp(All, c, Tensor.Scalar(1.0)).Tangent.ToArray(), 1e-9);
        // Nor does a start where nothing has a derivative.
        Tensor From(Tensor starts, Tensor c) =>
            Kept(Vectorisation.Vmap(z => FixedPoint.Find(z => (c * Tensor.Sqrt(z)) - 0.1, z, options), starts));
        expected = Differentiation.Grad((Tensor c) => From(Tensor.Of(1.0, 1.2), c), c).ToArray();
        double[] slope = Differentiation.Grad((Tensor c) => From(Tensor.Of(1.0, -1.0, 1.2), c), c).ToArray();
        Close.Elementwise(expected, slope, 1e-9);
    }

    [Fact]
    public void A_policy_that_is_none_is_an_error() =>
        Assert.Contains(
            "OnFail.Throw, OnFail.Nan or OnFail.Best",
            Assert.Throws<TensorException>(() => Batch("newton", Tensor.Scalar(1.0), (OnFail)7)).Message
        );

    [Fact]
    public void A_solver_of_the_callers_has_no_policy() =>
        Assert.Contains(
            "OnFail.Nan",
            Assert
                .Throws<TensorException>(() =>
                    Root.Custom(
                        (Tensor a, Tensor z) => a,
                        (a, z) => z - a,
                        Tensor.Scalar(1.0),
                        Tensor.Scalar(0.0),
                        Options(OnFail.Nan)
                    )
                )
                .Message
        );

    private static EquationOptions Options(OnFail policy) => new() { OnFail = policy, MaxSteps = 200 };

    private static Tensor Batch(string solver, Tensor w, OnFail policy = OnFail.Nan) =>
        Vectorisation.Vmap(a => Solvers[solver](a, w, policy), Squares);

    private static Tensor Kept(Tensor z) => Tensor.Sum(Tensor.Where(Tensor.IsFinite(z), z, Tensor.ZerosLike(z)));
}
