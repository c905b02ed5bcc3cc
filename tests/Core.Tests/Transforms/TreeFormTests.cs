using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Transforms;

/// <summary>What a function returns takes the places of what it was given only if it has the same places.</summary>
public sealed class TreeFormTests
{
    private static readonly Dictionary<string, Tensor> State = new() { ["a"] = Scalar(1.0), ["b"] = Scalar(2.0) };
    private static readonly Tensor Times = Tensor.Of(0.0, 1.0);
    private static readonly Tensor Yes = Scalar(1.0) > 0.0;

    [Fact]
    public void Keys_that_differ_are_an_error()
    {
        Refused(
            "[odeint] what the vector field returns must have the form of the state",
            () => Odeint((_, y) => Renamed(y), Times, State)
        );
        Refused(
            "[fixedPoint] what the function returns must have the form of the state",
            () => FixedPoint(Renamed, State)
        );
        Refused("[root] what the function returns must have the form of the state", () => Root(Renamed, State));
        Refused(
            "[scan] what a step hands on must have the form of what it gets",
            () => Scan((Dictionary<string, Tensor> y, Tensor x) => (Renamed(y), x), State, Times)
        );
        Refused(
            "[whileLoop] what a step hands on must have the form of what it gets",
            () => WhileLoop(y => y["a"] < 3.0, Renamed, State)
        );
        Refused("[cond] both branches", () => Cond(Yes, y => y, Renamed, State));
        Refused("[jvp] the tangent must have the form of the argument", () => Jvp(y => y["a"], State, Renamed(State)));
        Refused(
            "[vjp] the cotangent must have the form of the result",
            () => Vjp(y => y, State).Pullback(Renamed(State))
        );
        Refused(
            "[customRoot] what the solver returns must have the form of the start",
            () => CustomRoot((d, z) => Renamed(z), (d, z) => z, Yes, State).ToString()
        );
        Refused("[linearSolve] what A returns must have the form of b", () => LinearSystem.Solve(Renamed, State));
        Refused(
            "[customDerivative] what the vjp returns must have the form of the argument",
            () => CustomDerivative(y => y["a"] * y["b"], State, (y, _, _) => Renamed(y))
        );
        Refused(
            "[customDerivative] what the jvp returns must have the form of the result",
            () => CustomDerivative(y => y, State, (_, _, dy) => dy, (_, _, dx) => Renamed(dx))
        );

        static void Refused(string start, Func<object?> run)
        {
            TensorException error = Assert.Throws<TensorException>(run);
            Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
            Assert.EndsWith("Received keys b, c in place of keys a, b.", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tensors_of_other_types_are_an_error_that_names_the_leaf()
    {
        (Tensor, Tensor) state = (Tensor.Ones([2, 3]), Tensor.Ones([3, 2]));
        TensorException error = Assert.Throws<TensorException>(() =>
            CustomRoot((_, z) => (z.Item2, z.Item1), (_, z) => (z.Item1 - 1.0, z.Item2 - 1.0), Yes, state)
        );
        Assert.Equal(
            "[customRoot] what the solver returns must have the type of the start, float64[2, 3] in leaf 0. Received float64[3, 2].",
            error.Message
        );
    }

    [Fact]
    public void Zeros_of_two_signs_in_the_branches_of_a_choice_are_told_apart()
    {
        TensorException error = Assert.Throws<TensorException>(() => Cond(Yes, x => (x, 0.0), x => (x, -0.0), Times));
        Assert.EndsWith("Received -0 in place of 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_print_alike_are_told_apart()
    {
        var state = new Dictionary<string, Tensor> { ["a, b"] = Times, ["c"] = Times };
        var other = new Dictionary<string, Tensor> { ["a"] = Times, ["b, c"] = Times };
        Assert.Throws<TensorException>(() => Cond(Yes, _ => state, _ => other, Times));
        Func<Dictionary<string, Tensor>, Tensor> f = Compile<Dictionary<string, Tensor>, Tensor>(y =>
            y.ContainsKey("c") ? Scalar(1.0) : Scalar(2.0)
        );
        Assert.Equal(1.0, f(state).ToDouble());
        Assert.Equal(2.0, f(other).ToDouble());
    }

    [Fact]
    public void The_order_of_keys_does_not_matter()
    {
        var found = FixedPoint(
            y => new Dictionary<string, Tensor> { ["b"] = (0.5 * y["b"]) + 1.0, ["a"] = 0.5 * y["a"] },
            State
        );
        Assert.Equal(2.0, found["b"].ToDouble(), 1e-9);
    }

    [Fact]
    public void Lengths_that_differ_are_an_error()
    {
        Tensor[][] state =
        [
            [Scalar(1.0)],
            [Scalar(2.0), Scalar(3.0)],
        ];
        TensorException error = Assert.Throws<TensorException>(() =>
            FixedPoint(z => new[] { new[] { z[0][0], z[1][0] }, new[] { z[1][1] } }, state)
        );
        Assert.EndsWith("Received 2 parts in place of 1.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<TensorException>(() =>
            FixedPoint<object[]>(z => [new[] { (Tensor)z[0] }], [Scalar(1.0)])
        );
        Assert.EndsWith("Received Tensor[] in place of a tensor.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_a_loop_or_a_branch_would_change_is_an_error()
    {
        foreach (
            Func<object?> run in new Func<object?>[]
            {
                () => Scan(((Tensor Sum, int Count) c, Tensor x) => ((c.Sum, c.Count + 1), x), (Times, 0), Times),
                () => WhileLoop(c => c.Item1 < 3.0, c => (c.Item1 + 1.0, c.Item2 + 1), (Scalar(0.0), 0)),
                () => Cond(Yes, x => (x, 0), x => (x, 1), Times),
            }
        )
            Assert.Contains("1 in place of 0", Assert.Throws<TensorException>(run).Message, StringComparison.Ordinal);
        var kept = Scan(
            ((Tensor Sum, int Count) c, Tensor x) => ((c.Sum + x, c.Count), x),
            (Scalar(0.0), 7),
            Times
        ).Carry;
        Assert.Equal((1.0, 7), (kept.Item1.ToDouble(), kept.Item2));
    }

    [Fact]
    public void Nothing_in_place_of_a_value_is_an_error_and_a_value_in_place_of_nothing()
    {
        foreach (
            (object? one, object? other, string difference) in new[]
            {
                ((object?)null, (object?)"b", "b in place of nothing"),
                ("b", null, "nothing in place of b"),
                (null, 3, "3 in place of nothing"),
                (3, null, "nothing in place of 3"),
                (null, new Dictionary<string, int> { ["a"] = 3 }, "keys a in place of nothing"),
                (new[] { 1, 2 }, new[] { 1, 3 }, "[1, 3] in place of [1, 2]"),
            }
        )
        {
            TensorException error = Assert.Throws<TensorException>(() =>
                Cond(Yes, x => (x, one), x => (x, other), Times)
            );
            Assert.EndsWith($"Received {difference}.", error.Message, StringComparison.Ordinal);
        }
        int? count = 3;
        Assert.Throws<TensorException>(() => Cond(Yes, x => (x, count), x => (x, (int?)null), Times));
        Assert.Equal(new[] { 1.0 }, Cond(Yes, x => (x, new[] { 1.0 }), x => (x, [1.0]), Times).Item2);
        Assert.Null(Cond(Yes, x => (x, (string?)null), x => (x, null), Times).Item2);
    }

    /// <summary>A choice, a loop and a fixed point hand on tensors alone: a function that another branch or step would put in its place is an error.</summary>
    [Fact]
    public void A_function_or_an_object_that_is_another_is_an_error()
    {
        Func<Tensor, Tensor> Plus(double number) => y => y + number;
        var set = new HashSet<int> { 1 };
        foreach (
            Action run in new Action[]
            {
                () => Cond(Yes, x => (x, Plus(1.0)), x => (x, Plus(2.0)), Times),
                () => Cond(Yes, x => (x, set), x => (x, new HashSet<int> { 2 }), Times),
                () => Cond(Yes, x => (x, new OdeOptions()), x => (x, new OdeOptions { Method = Tableau.Tsit5 }), Times),
                () =>
                    Scan(
                        ((Tensor, Func<Tensor, Tensor>) c, Tensor x) => ((x, Plus(2.0)), x),
                        (Times[0], Plus(1.0)),
                        Times
                    ),
                () => FixedPoint(z => (z.Item1 / 2.0, Plus(2.0)), (Times, Plus(1.0))),
                () => Cond(Yes, x => (x, Plus(1.0) + Plus(3.0)), x => (x, Plus(2.0) + Plus(3.0)), Times),
                () => FixedPoint(z => ((0.5 * z.Item1) + z.Item2, z.Item2 + 1), (Times, 3)),
            }
        )
            Assert.Contains(
                "what is no tensor must be the same",
                Assert.Throws<TensorException>(run).Message,
                StringComparison.Ordinal
            );
    }

    /// <summary>Made anew it is the same, where its code and all that it captured are.</summary>
    [Fact]
    public void A_function_made_anew_is_the_same()
    {
        Func<Tensor, Tensor> Plus(double number) => y => y + number;
        (Tensor, Func<Tensor, Tensor>) chosen = Cond(Yes, x => (x, Plus(1.0)), x => (2.0 * x, Plus(1.0)), Times);
        Assert.Equal((Times + 1.0).ToArray(), chosen.Item2(chosen.Item1).ToArray());
        // Named in two places.
        Func<Tensor, Tensor> named = Cond(
            Yes,
            x => (x, (Func<Tensor, Tensor>)Tensor.Tanh),
            x => (x, Tensor.Tanh),
            Times
        ).Item2;
        Assert.Equal(Tensor.Tanh(Times).ToArray(), named(Times).ToArray());
        (Tensor, OdeOptions) solved = Cond(Yes, x => (x, new OdeOptions()), x => (x, new OdeOptions()), Times);
        Assert.Equal(new OdeOptions(), solved.Item2);
        int[,] table =
        {
            { 1, 2 },
        };
        Assert.Equal(
            table,
            Cond(
                Yes,
                x => (x, table),
                x =>
                    (
                        x,
                        new[,]
                        {
                            { 1, 2 },
                        }
                    ),
                Times
            ).Item2
        );
    }

    [Fact]
    public void A_compiled_function_is_another_for_other_keys()
    {
        Func<Dictionary<string, Tensor>, Tensor> f = Compile<Dictionary<string, Tensor>, Tensor>(y =>
            y.TryGetValue("c", out Tensor? c) ? 10.0 * c : y["a"]
        );
        Assert.Equal(1.0, f(State).ToDouble());
        Assert.Equal(20.0, f(Renamed(State)).ToDouble());
    }

    private static Dictionary<string, Tensor> Renamed(Dictionary<string, Tensor> y) =>
        new() { ["b"] = y["a"], ["c"] = y["b"] };
}
