using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Steps of every method allocate nothing on the managed heap, of one problem and of a batch: many allocate what few do.</summary>
public sealed class AllocationTests
{
    /// <summary>The list of residuals has room for 32 from the 17th on.</summary>
    private const int Few = 18;
    private const int Many = 25;

    public static TheoryData<string> FixedPointMethods =>
        [.. EquationCases.Methods.Where(method => method.Value is not Newton).Select(method => method.Key)];

    public static MatrixTheoryData<string, int> Cases => new([.. FixedPointMethods.Select(row => row.Data)], [1, 3]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void More_steps_allocate_nothing_more(string method, int items) =>
        Bytes.AssertFlat(
            steps =>
                LeastSteps(
                    FixedPoint.SolveEach(
                        (Tensor p, Tensor z) => (Rates * z) + p,
                        Shifts(items),
                        Tensor.Zeros([items, Length]),
                        new EquationOptions
                        {
                            Method = EquationCases.Methods[method],
                            MaxSteps = steps,
                            RelativeTolerance = 0.0,
                            AbsoluteTolerance = 0.0,
                        }
                    )
                ),
            Few,
            Many
        );

    /// <summary>From far away, Newton's steps on exp(z) + Rz = 300 + p lessen z by about 1 each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void More_steps_by_Newton_allocate_nothing_more(int items) =>
        Bytes.AssertFlat(steps => NewtonSteps(new Newton(), items, steps), Few, Many);

    /// <summary>A linear solve by a Krylov method in each step has memory of its own, some objects for each item.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void More_steps_by_Newton_with_products_allocate_one_linear_solve_each(int items)
    {
        var newton = new Newton(new LinearSolver.Gmres());
        Bytes.AssertFlat(
            () => NewtonSteps(newton, items, Few),
            () => NewtonSteps(newton, items, Many),
            (Many - Few) * items * 4096L
        );
    }

    /// <summary>A derivative by one step at the solution takes no more for a solution that took more steps.</summary>
    [Theory]
    [MemberData(nameof(FixedPointMethods))]
    public void More_steps_to_a_gradient_allocate_nothing_more(string method)
    {
        Tensor Loss(Tensor p, double tolerance) =>
            Tensor.Sum(
                FixedPoint.Find(
                    z => (Rates * z) + p,
                    Tensor.Zeros([Length]),
                    new EquationOptions
                    {
                        Method = EquationCases.Methods[method],
                        RelativeTolerance = tolerance,
                        MaxSteps = 100_000,
                        Derivative = new ImplicitDerivative.OneStep(),
                    }
                )
            );
        void Gradient(double tolerance) =>
            Differentiation.Grad((Tensor p) => Loss(p, tolerance), Shifts(1)[0]).ToArray();

        Bytes.AssertFlat(() => Gradient(1e-2), () => Gradient(1e-10));
    }

    private const int Length = 40;

    private static Tensor Rates { get; } =
        Tensor.Of([.. Enumerable.Range(0, Length).Select(i => 0.99 * Math.Cos(0.07 * i))]);

    private static Tensor Shifts(int items) =>
        Tensor.Reshape(Tensor.Linspace(0.5, 1.0, items * Length), [items, Length]);

    private static int NewtonSteps(Newton newton, int items, int most) =>
        LeastSteps(
            Root.SolveEach(
                (Tensor p, Tensor z) => Tensor.Exp(z) + (Rates * z) - 300.0 - p,
                Shifts(items),
                Tensor.Zeros([items, Length]) + 50.0,
                new EquationOptions { Method = newton, MaxSteps = most }
            )
        );

    /// <summary>All items take as many as they may.</summary>
    private static int LeastSteps(Solution<Tensor> solution) => solution.Reports.Min(report => report.Steps);
}
