using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// Where stability limits the steps, errors of many steps cancel in the state, and derivatives along the same steps would grow without a limit if their sizes
/// went up and down.
/// </summary>
public sealed class StiffGradientTests
{
    private const double End = 10.0;

    /// <summary>y′ = a·cos 3t − k·y from y₀, to T = 10: derivatives by y₀, a and k.</summary>
    [Theory]
    [InlineData("dopri5", 250.0, 1e-3, 1e-6)]
    [InlineData("dopri5", 400.0, 1e-5, 1e-6)]
    [InlineData("tsit5", 400.0, 1e-6, 1e-6)]
    [InlineData("direct", 350.0, 1e-4, 1e-6)]
    public void Derivatives_are_those_of_the_solution(string solver, double k, double relative, double absolute)
    {
        OdeOptions options = new()
        {
            Method = solver == "tsit5" ? Tableau.Tsit5 : Tableau.Dopri5,
            Adjoint = solver == "direct" ? new Adjoint.Direct() : new Adjoint.Checkpointed(),
            RelativeTolerance = relative,
            AbsoluteTolerance = absolute,
        };
        Tensor At(Tensor p) =>
            Implicit.Ode.Integrate(
                (t, y) => (p[1] * Tensor.Cos(3.0 * t)) - (p[2] * y),
                Tensor.Of(0.0, End),
                p[0],
                options
            )[1];
        (double cosine, double sine) = (Math.Cos(3.0 * End), Math.Sin(3.0 * End));
        double square = (k * k) + 9.0;
        double byRate = (cosine / square) - (2.0 * k * ((k * cosine) + (3.0 * sine)) / (square * square));
        Tensor p = Tensor.Of(1.0, 1.0, k);
        Tensor slope = Differentiation.Grad(At, p);
        Close.Elementwise([0.0, ((k * cosine) + (3.0 * sine)) / square, byRate], slope.ToArray(), 1e-7);
        Tensor along = Differentiation.Jvp(At, p, Tensor.Ones([3])).Tangent;
        Close.Elementwise([Tensor.Sum(slope).ToArray()[0]], along.ToArray(), 1e-9);
    }
}
