using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Batches of equations over loops, flows and programs, which leave records for their derivatives, while items end one by one.</summary>
public sealed class RecordedTests
{
    private static readonly EquationOptions Tight = new() { RelativeTolerance = 1e-12, AbsoluteTolerance = 1e-13 };
    private static readonly Tensor Steps = Tensor.Of(0.1, 0.2, 0.3);

    /// <summary>At the first the equations are of fewer dimensions than elsewhere, so that Krylov methods end at different steps.</summary>
    private static readonly Tensor Points = Tensor.Of(
        [0.0, 0.0, 0.0, 0.5, 0.8, 0.2, 0.0, 0.3, 0.3, 0.4, 0.1, 0.6, 0.1, 0.2, 0.1],
        [5, 3]
    );

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Layers = new()
    {
        ["scan"] = p => FixedPoint.Find(z => Loop(p, z, (0.3 * z) + p), Zeros([3]), Tight),
        ["lsmr"] = p =>
            FixedPoint.Find(
                z => Loop(p, z, (0.3 * z) + p),
                Zeros([3]),
                Tight with
                {
                    Derivative = new ImplicitDerivative.Exact(new LinearSolver.Lsmr()),
                }
            ),
        ["odeint"] = p =>
            FixedPoint.Find(
                z => 0.5 * Odeint((t, y) => (0.3 * Tanh(y * p * Sum(y))) - y, Tensor.Of(0.0, 1.0), (0.3 * z) + p)[1],
                Zeros([3]),
                Tight
            ),
        ["program"] = p => FixedPoint.Find(z => Nearest((0.4 * z) + p), Zeros([3]), Tight),
        ["equation over a pullback"] = p =>
        {
            Func<Tensor, Tensor> pull = Pullback(p);
            return FixedPoint.Find(z => (0.3 * pull(Tanh(z))) + p, Zeros([3]), Tight);
        },
        ["descent over a pullback"] = p =>
        {
            Func<Tensor, Tensor> pull = Pullback(p);
            return Minimise.Argmin(z => Sumsq(z - p) + (0.1 * Sumsq(pull(Tanh(z)))), Zeros([3]));
        },
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_item_is_what_it_is_alone(string name)
    {
        Tensor Loss(Tensor p) => Sumsq(Layers[name](p));
        Same(Layers[name]);
        Same(p => Grad(Loss, p));
        Same(p => Jvp(Layers[name], p, Ones([3])).Tangent);
        Same(p => Hessian(Loss, p));
    }

    /// <summary>Of one item, of some that are alike, and of some that are not.</summary>
    private static void Same(Func<Tensor, Tensor> of)
    {
        foreach (Tensor batch in new[] { Points[..1], Tensor.Stack([Points[1], Points[1]]), Points })
        {
            Tensor together = Vmap(of, batch);
            for (int i = 0; i < batch.Shape[0]; i++)
                Assert.Equal(of(batch[i]).ToArray(), together[i].ToArray());
        }
    }

    private static Tensor Loop(Tensor p, Tensor z, Tensor start) =>
        Scan((Tensor c, Tensor x) => ((0.5 * Tanh(c + (x * p * Sum(c)))) + (0.1 * z), c), start, Steps).Carry;

    private static Func<Tensor, Tensor> Pullback(Tensor p) => Vjp(y => Loop(y, y, y), p).Pullback;

    private static Tensor Nearest(Tensor v) =>
        Argmin(ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v)).SubjectTo(x => [Sum(x) <= 0.9, x >= 0.0]), v);
}
