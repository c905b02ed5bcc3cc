using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>
/// Steps that cannot be computed, once other items have ended and their rows are those of others: every item ends as it does alone, to the bit.
/// </summary>
public sealed class StepFailureTests
{
    /// <summary>
    /// √z − d from ½, by a factorisation that throws where z is negative: d by which the start is solved, by which it is so after a step, by which
    /// the second iterate is negative, and by which the iteration takes many steps.
    /// </summary>
    private static readonly Problem Roots = new(
        (d, z) => Tensor.Reshape(Tensor.Cholesky(Tensor.Reshape(z, [1, 1])), [1]) - d,
        0.5,
        new()
        {
            ['a'] = [Math.Sqrt(0.5) - 0.5],
            ['b'] = [Math.Sqrt(0.5) - 0.5 + 6e-11],
            ['x'] = [0.6],
            ['y'] = [0.05],
            ['z'] = [0.1],
        }
    );

    /// <summary>
    /// Cubics on which Newton's method goes from 2 to 1, which solves the first, and on to 0, which solves the second and where the third has no
    /// slope. The last two take many steps.
    /// </summary>
    private static readonly Problem Cubics = new(
        (coefficients, z) =>
        {
            Tensor[] c = [.. Enumerable.Range(0, 4).Select(k => Tensor.Index(coefficients, 0, k))];
            return (((((c[0] * z) + c[1]) * z) + c[2]) * z) + c[3] + z;
        },
        2.0,
        new()
        {
            ['a'] = [0.0, 0.0, 1.0, -1.0],
            ['b'] = [1.0, -2.0, 4.0, 0.0],
            ['x'] = [1.0, 2.0, 0.0, 4.0],
            ['y'] = [1.0, 0.0, 0.0, -0.002],
            ['z'] = [1.0, 0.0, 0.0, -0.001],
        }
    );

    /// <summary>
    /// Items that end first (a) and next (b), that cannot go on (x), and that end last (y, z). Where half of all are of the first kind, the others
    /// are gathered.
    /// </summary>
    public static MatrixTheoryData<string, string> Cases =>
        new(
            ["picard", "anderson", "broyden", "newton"],
            ["azxy", "azxx", "aazxy", "aayzx", "baaaaazxy", "bbaaaaazxy", "bbaaaaayzx"]
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_that_cannot_be_computed_fails_its_item_alone(string method, string kinds)
    {
        (Func<Tensor, Tensor, Tensor> f, double start, Dictionary<char, double[]> data) =
            method == "newton" ? Cubics : Roots;
        var options = new EquationOptions { Method = EquationCases.Methods[method] };
        Tensor given = Tensor.Stack([.. kinds.Select(kind => Tensor.Of(data[kind]))]);
        Solution<Tensor> batch = FixedPoint.SolveEach(f, given, Tensor.Full([kinds.Length, 1], start), options);
        for (int i = 0; i < kinds.Length; i++)
        {
            Tensor own = Tensor.Of(data[kinds[i]]);
            Solution<Tensor> alone = FixedPoint.Solve(z => f(own, z), Tensor.Full([1], start), options);
            Assert.Equal(kinds[i] == 'x' ? SolveStatus.StepFailed : SolveStatus.Success, alone.Status);
            Assert.Equal(alone.Value.ToArray(), batch.Value[i].ToArray());
            Assert.Equal(alone.Trace, batch.Reports[i].Trace);
            Assert.Equal(alone.Message, batch.Reports[i].Message);
            Assert.Equal(Tensor.Norm(f(own, alone.Value) - alone.Value).ToDouble(), alone.Report.Residual, 1e-14);
        }
        int[] steps = [.. "abxz".Where(kinds.Contains).Select(kind => batch.Reports[kinds.IndexOf(kind)].Steps)];
        Assert.Equal(steps.Distinct().Order(), steps);
    }

    /// <summary>
    /// A shot at the value c of y(1) for y′ = k·y², y(0) = 1: k = 1 − 1/c, and for k ≥ 1 there is no y(1). Newton's first step from 0.1 is too long for
    /// large c; it is shortened, as where F is not finite, in a batch as alone.
    /// </summary>
    [Fact]
    public void A_trial_that_cannot_be_computed_is_taken_back()
    {
        Tensor targets = Tensor.Of(1.5, 30.0, 2.0, 100.0);
        Func<Tensor, Tensor, Tensor> miss = (c, k) =>
            Implicit.Ode.Integrate((t, y) => k * y * y, Tensor.Of(0.0, 1.0), Tensor.Scalar(1.0))[1] - c;
        Solution<Tensor> batch = Root.SolveEach(miss, targets, Tensor.Full([4], 0.1));
        for (int i = 0; i < 4; i++)
        {
            Solution<Tensor> alone = Root.Solve(k => miss(targets[i], k), Tensor.Scalar(0.1));
            Assert.True(alone.IsSuccess, alone.Message);
            Assert.Equal(i is 1 or 3, alone.Trace.Any(double.IsNaN));
            Assert.Equal(1.0 - (1.0 / targets[i].ToDouble()), alone.Value.ToDouble(), 1e-6);
            Assert.Equal(alone.Value.ToArray(), batch.Value[i].ToArray());
            Assert.Equal(alone.Trace, batch.Reports[i].Trace);
        }
    }

    /// <summary>Where no trial can be computed, however short, the account says why.</summary>
    [Fact]
    public void Trials_are_given_up_with_the_reason()
    {
        // Positive definite at 4 alone.
        Solution<Tensor> solution = Root.Solve(
            z => z + Tensor.Cholesky((Tensor.Cast(Tensor.Equal(z, 4.0), DType.Float64) - 0.5) * Tensor.Eye(1))[0, 0],
            Tensor.Scalar(4.0)
        );
        Assert.Equal(SolveStatus.StepFailed, solution.Status);
        Assert.Contains("[cholesky]", solution.Message, StringComparison.Ordinal);
        Assert.Equal(0, solution.Report.BestStep);
        Assert.Equal(4.0, solution.Value.ToDouble());
    }

    /// <summary>(data, z) → f(z), the start, and the data of each kind of item.</summary>
    private sealed record Problem(Func<Tensor, Tensor, Tensor> F, double Start, Dictionary<char, double[]> Data);
}
