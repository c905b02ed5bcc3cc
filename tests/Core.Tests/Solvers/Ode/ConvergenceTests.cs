using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// Errors fall with the step as theory says, on Lotka–Volterra (reference-cases/ode.md, case 20). The methods of order five have error constants so
/// small that there the next term rules until rounding does; they show their order on case 3, y′ = y·cos t.
/// </summary>
public sealed class ConvergenceTests
{
    public static TheoryData<string> Names => Methods.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_slope_is_the_order(string name)
    {
        Tableau method = Methods.All[name].Tableau;
        (int coarse, int fine) = Steps(method.Order);
        double slope = Math.Log(Error(method, coarse) / Error(method, fine)) / Math.Log((double)fine / coarse);
        Assert.InRange(slope, method.Order - 0.1, method.Order + 0.1);
    }

    /// <summary>
    /// One step of size h: inside it dense output is off by O(h^(q+1)), q being its uniform order; so the slope of the local error is q + 1.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_slope_inside_a_step_is_that_of_dense_output(string name)
    {
        Method method = Methods.All[name];
        // Above rounding an eighth power needs long steps, hence a field whose next term is at a right angle to the first: a rotation.
        (Func<Tensor, Tensor, Tensor> field, double h) =
            method.DenseOrder >= 7
                ? (ReferenceCases.All["32 rotation"].Field, 0.4)
                : (ReferenceCases.All["20 Lotka–Volterra"].Field, 0.02);
        double slope = Math.Log2(LocalError(method.Tableau, field, h) / LocalError(method.Tableau, field, h / 2.0));
        Assert.InRange(slope, method.DenseOrder + 1 - 0.1, method.DenseOrder + 1 + 0.1);
    }

    /// <summary>Numbers of steps within the asymptotic range and above rounding.</summary>
    private static (int Coarse, int Fine) Steps(int order) =>
        order switch
        {
            1 => (400_000, 800_000),
            2 => (8_000, 16_000),
            3 => (4_000, 8_000),
            4 => (2_000, 4_000),
            5 => (320, 640),
            _ => (160, 320),
        };

    private static double Error(Tableau method, int steps)
    {
        ReferenceCase known = ReferenceCases.All[method.Order == 5 ? "3 A3" : "20 Lotka–Volterra"];
        var options = new OdeOptions
        {
            Method = method,
            Steps = new StepControl.Fixed((known.To - known.From) / steps),
            MaxSteps = 1_000_000,
        };
        Tensor y = Implicit.Ode.Integrate(known.Field, Tensor.Of(known.From, known.To), Tensor.Of(known.Y0), options);
        return Distance(known.Expected, y[1].ToArray());
    }

    private static double LocalError(Tableau method, Func<Tensor, Tensor, Tensor> field, double h)
    {
        double[] thetas = [0.23, 0.41, 0.69, 0.87];
        OdeSolution<Tensor> step = Solve(method, field, h, h);
        OdeSolution<Tensor> exact = Solve(Tableau.Dopri8, field, h, h / 40.0);
        return thetas.Max(theta => Distance(exact.At(theta * h).ToArray(), step.At(theta * h).ToArray()));
    }

    private static OdeSolution<Tensor> Solve(
        Tableau method,
        Func<Tensor, Tensor, Tensor> field,
        double end,
        double step
    ) =>
        Implicit.Ode.Solve(
            field,
            Tensor.Of(0.0, end),
            Tensor.Of(1.0, 1.0),
            new OdeOptions { Method = method, Steps = new StepControl.Fixed(step) }
        );

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
