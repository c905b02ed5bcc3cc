using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Solvers;
using Implicit.Tests.Backends.Cpu.Programs;
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
        BatchProgress progress = IterationDriver.Run(problem, null, [Start.Value!], found, keepsTrace: false);
        Assert.Equal(SolveStatus.Success, progress.Reports[0].Status);
        double[] expected = FixedPoint.Solve(Tensor.Cos, Start, Options(100)).Value.ToArray();
        Close.Elementwise(expected, TestElements.Of(found), 1e-9);

        Tensor Stated(Tensor image, Tensor z) =>
            statement switch
            {
                "f(z) - z" => image - z,
                "2f(z) - (f(z) + z)" => (2.0 * image) - (image + z),
                "-(z - f(z))" => -(z - image),
                _ => (image - z) + 0.0,
            };
    }

    /// <summary>
    /// A converged item keeps its place and is computed on. That a step of it is not possible, here by a root of what has become negative, is no matter to
    /// the others, nor to what was found of it.
    /// </summary>
    [Fact]
    public void A_converged_item_that_cannot_be_computed_on_disturbs_nobody()
    {
        var factors = Tensor.Of([1.0, 0.5, 0.25, 0.5, 1.0]);
        var lessened = Tensor.Of([0.1, 0.0, 0.0, 0.0, 0.1]);
        Tensor starts = Tensor.Reshape(Tensor.Of([0.15, 1000.0, 300.0, 500.0, 0.35]), [5, 1]);
        var options = new EquationOptions
        {
            Method = new Picard(),
            RelativeTolerance = 0.0,
            AbsoluteTolerance = 0.5,
        };
        Solution<Tensor> batch = FixedPoint.SolveEach(F, (factors, lessened), starts, options);
        for (int i = 0; i < 5; i++)
        {
            Solution<Tensor> alone = FixedPoint.Solve(z => F((factors[i], lessened[i]), z), starts[i], options);
            Assert.True(alone.IsSuccess, alone.Message);
            Assert.Equal(alone.Value.ToArray(), batch.Value[i].ToArray());
            Assert.Equal(alone.Trace, batch.Reports[i].Trace);
        }
        Assert.Equal(0, batch.Reports[0].Steps);
        Assert.True(batch.Reports[1].Steps > 5);

        static Tensor F((Tensor Factor, Tensor Less) data, Tensor z)
        {
            Tensor root = Tensor.Reshape(Tensor.Cholesky(Tensor.Reshape(z, [1, 1])), [1]);
            return (data.Factor * root * root) - data.Less;
        }
    }

    /// <summary>
    /// Squares of one item are out of the range of float32, among others whose are within it: its residuals are those of the same problem in units in which they
    /// are not, and all items are to the bit what they are alone. Damped, the residual is given in place of f(z).
    /// </summary>
    [Theory]
    [InlineData(-70, 1.0)]
    [InlineData(-70, 0.75)]
    [InlineData(70, 1.0)]
    [InlineData(70, 0.75)]
    public void An_item_of_tiny_or_huge_numbers_is_measured_in_double(int exponent, double damping)
    {
        const int items = 7;
        const int n = 21;
        double[] drawn = [.. Enumerable.Range(0, items * n).Select(i => Math.Sin(i + 1.0))];
        double unit = Math.ScaleB(1.0, exponent);
        for (int i = 0; i < n; i++)
            drawn[(2 * n) + i] = unit * (float)drawn[(3 * n) + i];
        Tensor data = Tensor.Cast(Tensor.Reshape(Tensor.Of(drawn), [items, n]), DType.Float32);
        var start = Tensor.Zeros([items, n], DType.Float32);
        var options = new EquationOptions
        {
            Method = new Picard(damping),
            RelativeTolerance = 1e-5,
            AbsoluteTolerance = 0.0,
        };
        Solution<Tensor> batch = FixedPoint.SolveEach(F, data, start, options);
        for (int i = 0; i < items; i++)
        {
            Solution<Tensor> alone = FixedPoint.Solve(z => F(data[i], z), start[i], options);
            Assert.True(alone.IsSuccess, alone.Message);
            Assert.Equal(alone.Value.ToArray(), batch.Value[i].ToArray());
            Assert.Equal(alone.Trace, batch.Reports[i].Trace);
        }
        Assert.Equal(batch.Reports[3].Steps, batch.Reports[2].Steps);
        Close.Elementwise(
            [.. batch.Reports[3].Trace],
            [.. batch.Reports[2].Trace.Select(residual => residual / unit)],
            1e-6
        );

        static Tensor F(Tensor d, Tensor z) => d - (0.5 * z);
    }

    private static EquationOptions Options(int steps) => new() { Method = new Picard(), MaxSteps = steps };
}
