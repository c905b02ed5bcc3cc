using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Residuals whose squares leave the range of their type are judged as those of any other unit.</summary>
public sealed class RangeTests
{
    private static readonly EquationOptions Exact = new() { AbsoluteTolerance = 0.0 };

    public static TheoryData<double, DType> Units =>
        new()
        {
            { 1e-200, DType.Float64 },
            { 1e-160, DType.Float64 },
            { 1e200, DType.Float64 },
            { 1e-30, DType.Float32 },
            { 1e-22, DType.Float32 },
            { 1e30, DType.Float32 },
        };

    [Theory]
    [MemberData(nameof(Units))]
    public void A_fixed_point_is_found_in_any_unit(double unit, DType dtype)
    {
        EquationOptions options = Exact with { Method = new Picard() };
        Tensor x = Full(unit, dtype);
        IsTwice(unit, dtype, FixedPoint.Solve(z => (0.5 * z) + x, Tensor.ZerosLike(x), options));
        (Tensor all, Tensor start) = Batch(unit, dtype);
        IsBatch(unit, dtype, FixedPoint.SolveEach((Tensor one, Tensor z) => (0.5 * z) + one, all, start, options));
    }

    /// <summary>Its own products must be finite, in double.</summary>
    [Theory]
    [InlineData(1e-200, DType.Float64)]
    [InlineData(1e-160, DType.Float64)]
    [InlineData(1e-30, DType.Float32)]
    [InlineData(1e30, DType.Float32)]
    public void Anderson_finds_a_fixed_point_in_any_unit(double unit, DType dtype)
    {
        Tensor x = Full(unit, dtype);
        IsTwice(unit, dtype, FixedPoint.Solve(z => (0.5 * z) + x, Tensor.ZerosLike(x), Exact));
        (Tensor all, Tensor start) = Batch(unit, dtype);
        IsBatch(unit, dtype, FixedPoint.SolveEach((Tensor one, Tensor z) => (0.5 * z) + one, all, start, Exact));
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void A_root_is_found_in_any_unit(double unit, DType dtype)
    {
        Tensor x = Full(unit, dtype);
        IsTwice(unit, dtype, Root.Solve(z => (0.5 * z) - x, Tensor.ZerosLike(x), Exact));
        (Tensor all, Tensor start) = Batch(unit, dtype);
        IsBatch(unit, dtype, Root.SolveEach((Tensor one, Tensor z) => (0.5 * z) - one, all, start, Exact));
    }

    /// <summary>The unit is that of F alone. Broyden's start may be too far off for it, which it then must tell.</summary>
    [Theory]
    [MemberData(nameof(Units))]
    public void A_root_of_a_function_in_any_unit_is_found(double unit, DType dtype)
    {
        Tensor x = Full(unit, dtype);
        Solution<Tensor> found = Root.Solve(z => x * (z - 2.0), Tensor.ZerosLike(x), Exact);
        IsTwice(1.0, dtype, found);
        Solution<Tensor> slow = Root.Solve(
            z => x * (z - 2.0),
            Tensor.ZerosLike(x),
            Exact with
            {
                Method = new Broyden(),
            }
        );
        if (slow.IsSuccess)
            IsTwice(1.0, dtype, slow);
    }

    /// <summary>Updates tell of each of the unknowns, however small beside others.</summary>
    [Theory]
    [InlineData(1e4)]
    [InlineData(1e10)]
    [InlineData(1e12)]
    public void Broyden_solves_for_unknowns_in_units_far_apart(double unit)
    {
        var units = Tensor.Of(1.0, unit);
        var m = Tensor.Of([1.0, 0.2, -0.2, 1.1], [2, 2]);
        Solution<Tensor> found = Root.Solve(
            z => Tensor.MatMul(m, z / units) - Tensor.Of(0.3, -0.8),
            Tensor.Zeros([2]),
            Exact with
            {
                Method = new Broyden(),
            }
        );
        Assert.True(found.IsSuccess, found.Message);
        Close.Elementwise([0.49 / 1.14, -0.74 / 1.14], (found.Value / units).ToArray(), 1e-8);
    }

    /// <summary>Newton halves a step that lengthens the residual, though its square is 0 at both ends.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void Newton_is_damped_in_any_unit(double unit) =>
        Close.Elementwise(
            [0.0, 0.0],
            Root.Solve(z => unit * Tensor.Atan(z), Tensor.Full([2], 3.0), Exact).Value.ToArray(),
            1e-9
        );

    /// <summary>Where 2z·ż = ṫ, in any unit of F; and where a root is double there is no derivative.</summary>
    [Theory]
    [MemberData(nameof(Units))]
    public void A_root_is_differentiated_in_any_unit_where_it_is_isolated(double unit, DType dtype)
    {
        Tensor t = Full(4.0, dtype);
        foreach (LinearSolver? solver in new LinearSolver?[] { null, new LinearSolver.Gmres() })
        {
            // Rounding hides nothing of the distance to a double root.
            var options = new EquationOptions
            {
                AbsoluteTolerance = 1e-5 * unit,
                RelativeTolerance = 0.0,
                Derivative = new ImplicitDerivative.Exact(solver),
            };
            Tensor Sum(Func<Tensor, Tensor> f) => Tensor.Sum(Root.Find(z => unit * f(z), Full(3.0, dtype), options));
            Close.Elementwise(
                [0.25, 0.25],
                Tensor.Cast(Differentiation.Grad(one => Sum(z => (z * z) - one), t), DType.Float64).ToArray(),
                Tolerance(dtype)
            );
            SolveException error = Assert.Throws<SolveException>(() =>
                Differentiation.Grad(one => Sum(z => (z - one) * (z - one)), t).ToArray()
            );
            Assert.StartsWith("[root] Singular", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A solver that is not seen through is judged too.</summary>
    [Theory]
    [MemberData(nameof(Units))]
    public void What_a_solver_of_ones_own_did_not_solve_is_told(double unit, DType dtype)
    {
        Tensor x = Full(unit, dtype);
        Assert.Throws<SolveException>(() =>
            Root.Custom((_, z) => z, (one, z) => one * (z - 2.0), x, Tensor.ZerosLike(x), Exact).ToArray()
        );
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Least_squares_in_any_unit_are_found_or_failure_is_told(double unit, DType dtype)
    {
        var options = new LeastSquaresOptions { AbsoluteTolerance = 0.0 };
        Tensor x = Full(unit, dtype);
        Solution<Tensor> found = LeastSquares.Solve(z => x * (z - 2.0), Tensor.ZerosLike(x), options);
        if (found.IsSuccess)
            IsTwice(1.0, dtype, found);
    }

    private static Tensor Full(double value, DType dtype) => Tensor.Full([2], value, dtype);

    /// <summary>Five items in a unit, four of which are measured together, and one plain.</summary>
    private static (Tensor Data, Tensor Start) Batch(double unit, DType dtype)
    {
        Tensor x = Full(unit, dtype);
        Tensor data = Tensor.Stack([x, x, x, x, x, Full(1.0, dtype)]);
        return (data, Tensor.ZerosLike(data));
    }

    private static void IsTwice(double unit, DType dtype, Solution<Tensor> found)
    {
        Assert.True(found.IsSuccess, found.Message);
        Close.Elementwise([2.0, 2.0], [.. found.Value.ToArray().Select(z => z / unit)], Tolerance(dtype));
    }

    private static void IsBatch(double unit, DType dtype, Solution<Tensor> found)
    {
        for (int item = 0; item < 6; item++)
        {
            Assert.True(found.Reports[item].IsSuccess, found.Reports[item].Message);
            double own = item < 5 ? unit : 1.0;
            double[] z = [.. found.Value[item].ToArray().Select(one => one / own)];
            Close.Elementwise([2.0, 2.0], z, Tolerance(dtype));
        }
    }

    private static double Tolerance(DType dtype) => dtype == DType.Float32 ? 1e-4 : 1e-8;
}
