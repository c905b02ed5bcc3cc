using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>
/// A preconditioner that captures tensors, of a Newton step or of the derivative: alone, in batches, in every transform, traced itself. It
/// saves steps and changes nothing.
/// </summary>
public sealed class PreconditionedTests
{
    private const int N = 6;

    private static readonly Tensor Weights = Tensor.Of(Draw(N * N, 1), [N, N]) * 0.15;

    private static readonly Tensor Biases = Tensor.Of(Draw(3 * N, 2), [3, N]);

    public static TheoryData<string> Cases => ["newton", "newton, left", "derivative", "derivative, left", "both"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_captured_preconditioner_changes_no_value_and_no_derivative(string name)
    {
        var scale = Tensor.Of([.. Draw(N, 3).Select(x => Math.Exp(0.3 * x))]);
        Tensor Whole(Tensor[] p, Tensor? s) =>
            Tensor.Sum(Vectorisation.Vmap((Tensor b) => Loss(name, p[0], b, s), p[1]));
        Tensor Loop(Tensor[] p, Tensor? s) =>
            Enumerable.Range(0, 3).Select(i => Loss(name, p[0], p[1][i], s)).Aggregate((a, b) => a + b);
        Tensor[] at = [Weights, Biases];
        Tensor[] direction = [Tensor.Of(Draw(N * N, 5), [N, N]), Tensor.Of(Draw(3 * N, 6), [3, N])];
        double[] expected = Values(p => Loop(p, null));
        Close.Normwise(expected, Values(p => Loop(p, scale)), 1e-8);
        Close.Normwise(expected, Values(p => Whole(p, scale)), 1e-8);

        double[] Values(Func<Tensor[], Tensor> f) =>
            [
                .. f(at).ToArray(),
                .. Differentiation.Grad(f, at).SelectMany(part => part.ToArray()),
                .. Differentiation.Jvp(f, at, direction).Tangent.ToArray(),
                .. Jacobians.Hvp(f, at, direction).SelectMany(part => part.ToArray()),
            ];
    }

    /// <summary>The solution does not depend on the preconditioner, so it has no derivative by what that is made of.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_traced_preconditioner_has_no_derivative(string name)
    {
        var scale = Tensor.Of([.. Draw(N, 3).Select(x => Math.Exp(0.3 * x))]);
        Tensor Of(Tensor s) => Tensor.Sum(Vectorisation.Vmap((Tensor b) => Loss(name, Weights, b, s), Biases));
        Assert.All(Differentiation.Grad(Of, scale).ToArray(), element => Assert.Equal(0.0, element));
        Assert.All(
            Jacobians.Jacobian(s => Differentiation.Grad(Of, s), scale).ToArray(),
            element => Assert.Equal(0.0, element)
        );
        // One preconditioner for each item.
        Tensor own = Vectorisation.Vmap(
            p => Differentiation.Grad((Tensor b) => Loss(name, Weights, b, p.Scale), p.Bias),
            (Scale: Tensor.Stack([scale, 2.0 * scale, 1.0 / scale]), Bias: Biases)
        );
        Tensor none = Vectorisation.Vmap(
            b => Differentiation.Grad((Tensor c) => Loss(name, Weights, c, null), b),
            Biases
        );
        Close.Normwise(none.ToArray(), own.ToArray(), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_item_of_a_batch_is_what_it_is_alone(string name)
    {
        var scale = Tensor.Of([.. Draw(N, 3).Select(x => Math.Exp(0.3 * x))]);
        Solution<Tensor> all = FixedPoint.SolveEach(
            (b, z) => Cell(Weights, b, z),
            Biases,
            Tensor.Zeros([3, N]),
            Options(name, scale)
        );
        Assert.True(all.IsSuccess, all.Message);
        for (int i = 0; i < 3; i++)
        {
            Tensor own = Biases[i];
            Solution<Tensor> alone = FixedPoint.Solve(
                z => Cell(Weights, own, z),
                Tensor.Zeros([N]),
                Options(name, scale)
            );
            Assert.Equal(alone.Value.ToArray(), all.Value[i].ToArray());
        }
    }

    private static Tensor Loss(string name, Tensor weights, Tensor bias, Tensor? scale) =>
        Tensor.Sum(Tensor.Exp(FixedPoint.Find(z => Cell(weights, bias, z), Tensor.Zeros([N]), Options(name, scale))));

    private static Tensor Cell(Tensor weights, Tensor bias, Tensor z) => Tensor.Tanh(Tensor.MatMul(weights, z)) + bias;

    private static EquationOptions Options(string name, Tensor? scale)
    {
        LinearSolver solver = new LinearSolver.Gmres { RelativeTolerance = 1e-12 };
        if (scale is not null && name.EndsWith("left", StringComparison.Ordinal))
            solver = solver.WithLeftPreconditioner(LinearOperator.Diagonal(scale));
        else if (scale is not null)
            solver = solver.WithPreconditioner(LinearOperator.Diagonal(scale));
        return new()
        {
            Method = name.StartsWith("derivative", StringComparison.Ordinal) ? new Anderson() : new Newton(solver),
            RelativeTolerance = 1e-12,
            Derivative = name.StartsWith("newton", StringComparison.Ordinal)
                ? new ImplicitDerivative.Exact(new LinearSolver.Gmres { RelativeTolerance = 1e-12 })
                : new ImplicitDerivative.Exact(solver),
        };
    }

    private static double[] Draw(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin((i * i * 0.37) + i + seed))];
}
