using Implicit.Solvers.Convex.Programs;
using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex.Programs;

/// <summary>What is read off ordinary functions.</summary>
public sealed class ReadingTests
{
    [Fact]
    public void A_projection_onto_the_simplex()
    {
        Tensor v = Tensor.Of(1.0, 0.4, -0.2);
        (QuadraticProgram program, Tensor constant) = Read(
            ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v)).SubjectTo(x => [Equal(Sum(x), 1.0), x >= 0.0]),
            v
        );
        Is(program.P!, [3, 3], 1, 0, 0, 0, 1, 0, 0, 0, 1);
        Is(program.Q, [3], -1, -0.4, 0.2);
        Is(constant, [], 0.6);
        Is(program.A!, [1, 3], 1, 1, 1);
        Is(program.B!, [1], 1);
        Is(program.Lower!, [3], 0, 0, 0);
        Assert.Null(program.G);
        Assert.Null(program.Upper);
    }

    [Fact]
    public void Every_form_of_a_constraint()
    {
        Tensor a = Matrix([1, 2, 3], [4, 5, 6]);
        (QuadraticProgram program, _) = Read(
            ConvexProgram
                .Minimise((Tensor x) => x[0] - (2.0 * x[2]) + 7.0)
                .SubjectTo(x =>
                    [
                        MatMul(a, x) <= Tensor.Of(10.0, 20.0),
                        (2.0 * x[1]) + 1.0 >= x[0],
                        Equal(x[0] + x[1], 3.0 - x[2]),
                        5.0 >= x,
                        x <= Tensor.Of(6.0, 7.0, 8.0),
                    ]
                ),
            Zeros([3])
        );
        Assert.Null(program.P);
        Is(program.Q, [3], 1, 0, -2);
        Is(program.G!, [6, 3], 1, 2, 3, 4, 5, 6, 1, -2, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1);
        Is(program.H!, [6], 10, 20, 1, 6, 7, 8);
        Is(program.A!, [1, 3], 1, 1, 1);
        Is(program.B!, [1], 3);
        Is(program.Upper!, [3], 5, 5, 5);
    }

    [Fact]
    public void A_tree_of_tensors_is_one_vector()
    {
        (QuadraticProgram program, _) = Read(
            ConvexProgram
                .Minimise(((Tensor W, Tensor B) x) => Sumsq(x.W) + (3.0 * Sum(x.W) * Sum(x.B)) + Sumsq(2.0 * x.B))
                .SubjectTo(x => [x.B >= -1.0, Equal(Sum(x.W, 0), x.B)]),
            (Zeros([2, 2]), Zeros([2]))
        );
        Is(
            program.P!,
            [6, 6],
            [2, 0, 0, 0, 3, 3, 0, 2, 0, 0, 3, 3, 0, 0, 2, 0, 3, 3, 0, 0, 0, 2, 3, 3, 3, 3, 3, 3, 8, 0, 3, 3, 3, 3, 0, 8]
        );
        Is(program.A!, [2, 6], 1, 0, 1, 0, -1, 0, 0, 1, 0, 1, 0, -1);
        double none = double.NegativeInfinity;
        Is(program.Lower!, [6], none, none, none, none, -1, -1);
    }

    [Fact]
    public void Loops_products_and_solves_are_read_through()
    {
        Tensor m = Matrix([2, 1], [0, 4]);
        (QuadraticProgram program, Tensor constant) = Read(
            ConvexProgram.Minimise(
                (Tensor u) =>
                {
                    (Tensor last, Tensor path) = Scan(
                        (Tensor state, Tensor control) => ((0.5 * state) + control, state + (2.0 * control)),
                        Scalar(4.0),
                        u
                    );
                    Tensor solved = Solve(m, path);
                    return (last * last) + Sumsq(solved) + Checkpoint(x => Sum(x * x), u);
                }
            ),
            Zeros([2])
        );
        // last = 1 + u₁/2 + u₂, path = (4 + 2u₁, 2 + u₁ + 2u₂), solved = (path₁/2 − path₂/8, path₂/4).
        Is(constant, [], 1 + (1.75 * 1.75) + 0.25);
        Is(program.Q, [2], 1 + (2 * 1.75 * 0.875) + 0.25, 2 - (2 * 1.75 * 0.25) + 0.5);
        double mixed = 1 - (2 * 0.875 * 0.25) + 0.25;
        Is(program.P!, [2, 2], 2 + 0.5 + (2 * 0.875 * 0.875) + 0.125, mixed, mixed, 2 + 2 + (2 * 0.25 * 0.25) + 0.5);
    }

    [Fact]
    public void What_was_read_serves_other_data_of_the_same_structure()
    {
        var readings = new List<ProgramReading>();
        foreach (double c in (double[])[1.0, -2.5, 0.0])
        {
            Tensor v = Tensor.Of(c, 3.0 * c);
            var program = ConvexProgram.Minimise((Tensor x) => Sumsq(x - v) * (1.0 + (c * c))).SubjectTo(x => [x <= c]);
            (QuadraticProgram data, _, ProgramReading reading) = ProgramReader.Read(
                ProgramForm.Of(program, Zeros([2]), out Tensor[] captures),
                captures
            );
            readings.Add(reading);
            double scale = 1.0 + (c * c);
            Is(data.P!, [2, 2], 2 * scale, 0, 0, 2 * scale);
            Is(data.Q, [2], -2 * c * scale, -6 * c * scale);
            Is(data.Upper!, [2], c, c);
        }
        Assert.All(readings, reading => Assert.Same(readings[0], reading));
    }

    [Fact]
    public void What_is_not_quadratic_is_named()
    {
        Tensor v = Zeros([3]);
        Refuses(
            ConvexProgram.Minimise((Tensor x) => Sum(Exp(2.0 * x))).SubjectTo(x => [x >= 0.0]),
            "the objective must be a convex quadratic or linear function of the variable x. Received exp(multiply(2, x)) : float64[3], which is no polynomial of x."
        );
        Refuses(
            ConvexProgram.Minimise((Tensor x) => Sum(x * x * (x - v))).SubjectTo(x => [x >= 0.0]),
            "Received multiply(multiply(x, x), subtract(x, float64[3])) : float64[3], of degree 3 in x."
        );
        Says(
            x => Sum(Abs(x)),
            "or known to be smooth (MinimiseOptions, in F# lbfgs, take any). Received abs(x) : float64[3], which is no polynomial of x."
        );
        Says(x => Sum(StopGradient(x)), "Received stopGradient(x)");
        Says(x => Sum(Relu(x)), "which is no polynomial of x.");
        Says(x => x, "the objective must be a scalar of the variable's element type, float64. Received float64[3].");
    }

    [Fact]
    public void What_is_smooth_and_free_goes_to_a_descent()
    {
        // x = ½ log c minimises Σ exp(2x) − 2cx.
        static Tensor Minimiser(Tensor c) =>
            ConvexProgram.Minimise((Tensor x) => Sum(Exp(2.0 * x) - (2.0 * c * x))).Argmin(ZerosLike(c));
        Tensor c = Tensor.Of(0.5, 2.0, 3.0);
        Close.Elementwise((0.5 * Log(c)).ToArray(), Minimiser(c).ToArray(), 1e-8);
        Close.Elementwise((0.5 / c).ToArray(), Grad((Tensor at) => Sum(Minimiser(at)), c).ToArray(), 1e-7);
    }

    [Fact]
    public void What_is_no_affine_constraint_is_named()
    {
        Refuses(
            x => [x >= 0.0, Sumsq(x) <= 1.0],
            "constraint 2 must be affine in the variable x. Received multiply(x, x) : float64[3], of degree 2 in x."
        );
        Refuses(x => [x > 0.0], "constraint 1 must compare what is affine in the variable by Equal, <= or >=");
        Refuses(x => [And(x >= 0.0, x <= 1.0)], "Received and, which gives bool[3].");
        Refuses(x => [Tensor.Of(1.0) <= Tensor.Of(2.0)], "constraint 1 must depend on the variable x.");
    }

    private static (QuadraticProgram Program, Tensor Constant) Read<T>(ConvexProgram<T> program, T x0)
    {
        var form = ProgramForm.Of(program, x0, out Tensor[] captures);
        (QuadraticProgram data, Tensor constant, _) = ProgramReader.Read(form, captures);
        return (data, constant);
    }

    private static void Is(Tensor actual, int[] shape, params double[] expected)
    {
        Assert.Equal(shape, actual.Shape.ToArray());
        Close.Elementwise(expected, actual.ToArray(), 1e-14);
    }

    private static void Says(Func<Tensor, Tensor> objective, string text) =>
        Refuses(ConvexProgram.Minimise(objective), text);

    private static void Refuses(Func<Tensor, IReadOnlyList<Tensor>> constraints, string text) =>
        Refuses(ConvexProgram.Minimise((Tensor x) => Sumsq(x)).SubjectTo(constraints), text);

    private static void Refuses(ConvexProgram<Tensor> program, string text)
    {
        string message = Assert.Throws<TensorException>(() => program.Argmin(Zeros([3]))).Message;
        Assert.StartsWith("[argmin] ", message, StringComparison.Ordinal);
        Assert.Contains(text, message, StringComparison.Ordinal);
    }
}
