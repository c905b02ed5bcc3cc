using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers;

/// <summary>
/// Everything inside everything, with captures of both. All is smooth at the point, so derivatives of every mode are differences of values.
/// </summary>
public sealed class CompositionLaws
{
    private static readonly EquationOptions Tight = new() { RelativeTolerance = 1e-13, AbsoluteTolerance = 1e-14 };
    private static readonly OdeOptions Steps = new() { Steps = new StepControl.Fixed(0.25) };
    private static readonly MinimiseOptions Descent = new() { RelativeTolerance = 1e-12 };
    private static readonly Tensor Times = Tensor.Of(0.0, 0.3, 0.5);
    private static readonly Tensor Start = Tensor.Of(0.3, -0.2, 0.5);
    private static readonly Tensor Direction = Tensor.Of(0.6, -0.8, 0.5);
    private static readonly Tensor Weights = Tensor.Of(
        new double[,]
        {
            { 0.5, -0.4, 0.3 },
            { 0.2, 0.6, -0.5 },
            { -0.3, 0.1, 0.4 },
        }
    );
    private static readonly double[] Point = [0.6, -0.3, 0.45];

    /// <summary>(a function of vectors [3], a captured p [3], x [3]) → [3].</summary>
    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor, Tensor, Tensor>> Pieces = new()
    {
        ["flow"] = (f, p, x) => Odeint((t, y) => Tanh(f(y)) - (p * t * y), Times, x, Steps)[2],
        ["flow, backsolve"] = (f, p, x) =>
            Odeint((t, y) => Tanh(f(y)) - (p * t), Times, x, Steps with { Adjoint = new Adjoint.Backsolve() })[2],
        ["flow in time"] = (f, p, x) => Odeint((t, y) => f(x) * Cos(t), Times * p[0], x, Steps)[1],
        ["fixed point"] = (f, p, x) => FixedPoint(z => (0.3 * Tanh(f(z))) + (p * x), ZerosLike(x), Tight),
        ["root"] = (f, p, x) => Root(z => z + (0.3 * Tanh(f(z))) - (p * x), x, Tight with { Method = new Newton() }),
        ["minimum"] = (f, p, x) =>
            Argmin(Minimise((Tensor u) => Sumsq(u - Tanh(f(x))) + Sum(Exp(0.3 * p * u))), x, Descent),
        ["program"] = (f, p, x) =>
            Argmin(Minimise((Tensor u) => Sumsq(u - f(x))).SubjectTo(u => [Equal(Sum(u), p[0]), u >= -0.5]), x),
        ["linear system"] = (f, p, x) =>
            LinearSolve((Tensor u) => (2.0 * u) + (0.2 * Tanh(f(x)) * Sum(u)), p * x, new LinearSolver.Gmres()),
        ["factors"] = (f, p, x) => Solve((2.0 * Eye(3)) + Outer(Tanh(f(x)), p), x),
        ["eigenvalues"] = (f, p, x) => 0.3 * Eigh(Diag(Tensor.Of(1.0, 2.0, 4.0)) + Outer(p, 0.3 * Tanh(f(x)))).Item1,
        ["scan"] = (f, p, x) => Scan((Tensor c, Tensor e) => (Tanh(f(c)) + (e * x), c), x, Stack([p, 0.5 * p])).Carry,
        ["branch"] = (f, p, x) => Cond(Sum(p) > 0.0, u => f(u) * p, Log, x),
        ["batch"] = (f, p, x) => Sum(Vmap(u => f(u * p), Stack([x, 0.7 * x])), 0),
        ["gradient"] = (f, p, x) => Grad(u => Sum(p * f(u)), x),
        ["checkpoint"] = (f, p, x) => Checkpoint(u => f(u) * p, x),
        ["compiled"] = (f, p, x) => Compile((Tensor u) => f(u) * p)(x),
    };

    public static MatrixTheoryData<string, string> Pairs => new(Pieces.Keys, Pieces.Keys);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Derivatives_are_differences_and_batches_are_loops(string outer, string inner)
    {
        Func<Tensor, Tensor> pair = p =>
            Pieces[outer](x => Pieces[inner](u => Tanh(MatMul(Weights, u) + p), p, x), p, Start);
        Func<Tensor, Tensor> loss = p => Sum(Direction * pair(p));
        Func<Tensor, Tensor> gradient = p => Grad(loss, p);
        Tensor at = Tensor.Of(Point);
        double first = Along(loss)[0];
        Assert.Equal(first, Jvp(loss, at, Direction).Tangent.ToDouble(), 1e-6);
        Assert.Equal(first, Sum(gradient(at) * Direction).ToDouble(), 1e-6);
        double[] curved = Along(gradient);
        Close.Normwise(curved, Jvp(gradient, at, Direction).Tangent.ToArray(), 1e-5);
        Close.Normwise(curved, Grad(p => Jvp(loss, p, Direction).Tangent, at).ToArray(), 1e-5);
        Close.Normwise(curved, Grad(p => Sum(Direction * gradient(p)), at).ToArray(), 1e-5);
        Tensor points = Stack([at, 0.9 * at]);
        Close.Normwise([.. pair(at).ToArray(), .. pair(0.9 * at).ToArray()], Vmap(pair, points).ToArray(), 1e-11);
        double[] gradients = [.. gradient(at).ToArray(), .. gradient(0.9 * at).ToArray()];
        Close.Normwise(gradients, Vmap(gradient, points).ToArray(), 1e-9);
        Close.Normwise(gradients, Grad(all => Sum(Vmap(loss, all)), points).ToArray(), 1e-9);
        Close.Normwise(gradient(at).ToArray(), Compile(gradient)(at).ToArray(), 1e-9);
    }

    private static double[] Along(Func<Tensor, Tensor> f) =>
        Differences.Along(x => f(Tensor.Of(x[0])).ToArray(), [Point], [Direction.ToArray()]);
}
