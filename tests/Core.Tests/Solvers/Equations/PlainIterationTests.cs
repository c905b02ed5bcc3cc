using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Solvers;
using Implicit.Tests.Laws;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

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

    /// <summary>Only of f(z) − z, and only if that z is the iterate, f(z) is the first part.</summary>
    [Theory]
    [InlineData("f(z) - z")]
    [InlineData("2f(z) - (f(z) + z)")]
    [InlineData("-(z - f(z))")]
    [InlineData("(f(z) - z) + 0")]
    public void A_residual_is_iterated_however_it_is_stated(string statement)
    {
        Function residual = Function.TraceClosed("test", [Start.Type], all => [Stated(Tensor.Cos(all[0]), all[0])]);
        var problem = new EquationProblem("test", residual, new Picard(), new EquationTolerance(1e-10, 0.0, true), 100);
        Buffer found = Device.Cpu.Backend.Allocate(DType.Float64, 3);
        ItemProgress[] progress = IterationDriver.Run(problem, null, [Start.Value!], found, keepsTrace: false);
        Assert.Equal(SolveStatus.Success, progress[0].Report().Status);
        double[] expected = FixedPoint.Solve(Tensor.Cos, Start, Options(100)).Value.ToArray();
        Close.Elementwise(expected, found.Read<double>().ToArray(), 1e-9);

        Tensor Stated(Tensor image, Tensor z) =>
            statement switch
            {
                "f(z) - z" => image - z,
                "2f(z) - (f(z) + z)" => (2.0 * image) - (image + z),
                "-(z - f(z))" => -(z - image),
                _ => (image - z) + 0.0,
            };
    }

    private static EquationOptions Options(int steps) => new() { Method = new Picard(), MaxSteps = steps };
}
