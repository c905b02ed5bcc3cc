using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Undamped, each iterate of Picard's method is the image of the one before, and nothing else is computed of it.</summary>
public sealed class PlainIterationTests
{
    private static readonly Tensor Start = Tensor.Of([0.3, -0.7, 0.1]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Iterates_are_images_to_the_bit(int steps)
    {
        Tensor expected = Start;
        for (int step = 0; step < steps; step++)
            expected = Tensor.Of(F(expected).ToArray());
        Solution<Tensor> found = FixedPoint.Solve(F, Start, Options(steps));
        Assert.Equal(SolveStatus.MaxStepsReached, found.Report.Status);
        Assert.Equal(expected.ToArray(), found.Value.ToArray());
        Assert.Equal(Tensor.Norm(F(expected) - expected).ToDouble(), found.Report.Residual, 1e-15);

        static Tensor F(Tensor z) => Tensor.Cos(z);
    }

    [Fact]
    public void A_function_that_gives_its_argument_is_solved_at_the_start()
    {
        Solution<Tensor> found = FixedPoint.Solve(z => z, Start, Options(5));
        Assert.Equal((SolveStatus.Success, 0), (found.Report.Status, found.Report.Steps));
        Assert.Equal(Start.ToArray(), found.Value.ToArray());
    }

    [Fact]
    public void A_function_that_gives_what_it_captured_is_solved_after_one_step()
    {
        var constant = Tensor.Of([1.0, 2.0, 3.0]);
        Solution<Tensor> found = FixedPoint.Solve(_ => constant, Start, Options(5));
        Assert.Equal((SolveStatus.Success, 1), (found.Report.Status, found.Report.Steps));
        Assert.Equal(constant.ToArray(), found.Value.ToArray());
    }

    private static EquationOptions Options(int steps) => new() { Method = new Picard(), MaxSteps = steps };
}
