using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Krylov methods in any unit: operators and right-hand sides may be of any size, together and each by itself.</summary>
public sealed class KrylovRangeTests
{
    private const int Unknowns = 20;
    private static readonly string[] Names = ["cg", "gmres", "restarted gmres", "bicgstab", "lsmr"];
    private static readonly int[] Double = [60, 90, 103, 115, 140, 200];
    private static readonly int[] Single = [5, 10, 15, 20, 30];

    /// <summary>Methods, element types and powers of ten.</summary>
    public static TheoryData<string, DType, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<string, DType, int>();
            foreach (string method in Names)
            foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
            foreach (int power in dtype == DType.Float64 ? Double : Single)
            {
                sizes.Add(method, dtype, power);
                sizes.Add(method, dtype, -power);
            }
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Systems_of_any_size_are_solved(string method, DType dtype, int power)
    {
        double size = Math.Pow(10.0, power);
        // So large, or small, a right-hand side is not yet divided by its size.
        double near = dtype == DType.Float32 ? 1e2 : 1e29;
        foreach (
            (double ofMatrix, double ofRight) in new[]
            {
                (size, size),
                (size, 1.0),
                (1.0, size),
                (size, near),
                (size, 1.0 / near),
            }
        )
        {
            LinearOperator a = LinearOperator.Dense(Matrix(ofMatrix, dtype));
            LinearSolution solution = LinearSystem.TrySolve(a, Right(ofRight, dtype), Method(method));
            Assert.True(solution.IsSuccess, $"A by {ofMatrix:g2}, b by {ofRight:g2}: {solution.Message}");
            Near(solution.Value, ofRight / ofMatrix, dtype);
        }
    }

    /// <summary>Their inverse has no place in float32.</summary>
    [Fact]
    public void Right_hand_sides_below_the_normal_numbers_are_solved_for()
    {
        LinearOperator a = LinearOperator.Dense(Matrix(1.0, DType.Float32));
        foreach (string method in Names)
        {
            LinearSolver solver = Method(method) with { RelativeTolerance = 1e-2 };
            LinearSolution solution = LinearSystem.TrySolve(a, Right(1e-42, DType.Float32), solver);
            Assert.True(solution.IsSuccess, solution.Message);
            Near(solution.Value, 1e-42, 0.05);
        }
    }

    /// <summary>So are those of derivatives, in which a preconditioner changes sides.</summary>
    [Theory]
    [InlineData("cg", 200)]
    [InlineData("cg", -200)]
    [InlineData("gmres", 200)]
    [InlineData("gmres", -200)]
    [InlineData("bicgstab", 200)]
    [InlineData("bicgstab", -200)]
    public void Preconditioned_systems_of_any_size_are_solved_and_differentiated(string method, int power)
    {
        double size = Math.Pow(10.0, power);
        Tensor matrix = Matrix(size, DType.Float64);
        LinearSolver.Krylov solver = Method(method) with
        {
            Preconditioner = LinearOperator.Diagonal(1.0 / Tensor.Diagonal(matrix)),
        };
        Tensor right = Right(1.0, DType.Float64);
        Near(LinearSystem.Solve(LinearOperator.Dense(matrix), right, solver), 1.0 / size, DType.Float64);
        Tensor gradient = Differentiation.Grad(
            b => Tensor.Sum(right * LinearSystem.Solve(LinearOperator.Dense(matrix), b, solver)),
            right
        );
        Near(gradient, 1.0 / size, DType.Float64);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(200)]
    [InlineData(-200)]
    public void Richardsons_iteration_takes_systems_of_any_size(int power)
    {
        double size = Math.Pow(10.0, power);
        foreach ((double ofMatrix, double ofRight) in new[] { (size, size), (size, 1.0), (1.0, size) })
        {
            LinearSolver solver = new LinearSolver.Gmres { Richardson = 0.4 / ofMatrix };
            LinearOperator a = LinearOperator.Dense(Matrix(ofMatrix, DType.Float64));
            LinearSolution solution = LinearSystem.TrySolve(a, Right(ofRight, DType.Float64), solver);
            Assert.True(solution.IsSuccess, $"A by {ofMatrix:g2}, b by {ofRight:g2}: {solution.Message}");
            Near(solution.Value, ofRight / ofMatrix, DType.Float64);
        }
    }

    /// <summary>It is one in units of b, which once was success with infinities. What vanishes is 0, to rounding.</summary>
    [Theory]
    [InlineData("cg")]
    [InlineData("gmres")]
    [InlineData("bicgstab")]
    [InlineData("lsmr")]
    public void A_solution_that_overflows_is_none(string method)
    {
        foreach ((double size, DType dtype) in new[] { (1e200, DType.Float64), (1e25, DType.Float32) })
        {
            LinearOperator a = LinearOperator.Dense(Matrix(1.0 / size, dtype));
            Tensor b = Right(size, dtype);
            Assert.Equal(LinearStatus.NonFinite, LinearSystem.TrySolve(a, b, Method(method)).Status);
            Assert.Throws<SolveException>(() => LinearSystem.Solve(a, b, Method(method)));
            Tensor none = LinearSystem.Solve(
                LinearOperator.Dense(Matrix(size, dtype)),
                Right(1.0 / size, dtype),
                Method(method)
            );
            Assert.All(Tensor.Cast(none, DType.Float64).ToArray(), x => Assert.Equal(0.0, x));
        }
    }

    /// <summary>A⁺A⁺ᵀ is in it.</summary>
    [Theory]
    [InlineData(1e200, true)]
    [InlineData(1e-140, true)]
    [InlineData(1e-160, false)]
    [InlineData(1e-200, false)]
    public void The_derivative_of_lsmr_by_its_operator_is_right_or_an_error(double size, bool isNumber)
    {
        Tensor right = Right(1.0, DType.Float64);
        Tensor matrix = Matrix(size, DType.Float64);
        double Derivative() =>
            Differentiation
                .Grad(
                    t => Tensor.Sum(LinearSystem.Solve(LinearOperator.Dense(t * matrix), size * right, Method("lsmr"))),
                    Tensor.Scalar(1.0)
                )
                .ToDouble();
        if (isNumber)
            Close.Elementwise(
                [-Tensor.Sum(Tensor.Solve(Matrix(1.0, DType.Float64), right)).ToDouble()],
                [Derivative()],
                1e-7
            );
        else
            Assert.Throws<SolveException>(() => Derivative());
    }

    private static LinearSolver.Krylov Method(string name) =>
        (LinearSolver.Krylov)Systems.Methods[name] with
        {
            RelativeTolerance = null,
        };

    private static Tensor Matrix(double size, DType dtype)
    {
        double[] elements = new double[Unknowns * Unknowns];
        for (int i = 0; i < Unknowns; i++)
        for (int j = 0; j < Unknowns; j++)
            elements[(i * Unknowns) + j] =
                i == j ? 2.5 + (0.1 * Math.Sin(i))
                : Math.Abs(i - j) == 1 ? -1.0
                : 0.0;
        return Tensor.Cast(size * Tensor.Of(elements, [Unknowns, Unknowns]), dtype);
    }

    private static Tensor Right(double size, DType dtype) =>
        Tensor.Cast(size * Tensor.Of([.. Enumerable.Range(0, Unknowns).Select(i => Math.Cos(i * i))]), dtype);

    private static void Near(Tensor x, double unit, DType dtype) => Near(x, unit, dtype == DType.Float32 ? 1e-3 : 1e-8);

    private static void Near(Tensor x, double unit, double tolerance) =>
        Close.Elementwise(
            Tensor.Solve(Matrix(1.0, DType.Float64), Right(1.0, DType.Float64)).ToArray(),
            [.. Tensor.Cast(x, DType.Float64).ToArray().Select(one => one / unit)],
            tolerance
        );
}
