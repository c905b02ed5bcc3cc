using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>Problems with known answers (reference-cases/ode.md, by their numbers there), met within ten times the tolerance.</summary>
public sealed class ReferenceTests
{
    private static readonly double[,] Rotation =
    {
        { -0.1, 2.0 },
        { -2.0, -0.1 },
    };

    public static TheoryData<string, string, double> Cases => ReferenceCases.WithMethods;

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_end_is_the_known_answer(string name, string method, double rtol)
    {
        ReferenceCase known = ReferenceCases.All[name];
        bool isScalar = known.Y0.Length == 1;
        var options = new OdeOptions
        {
            Method = Methods.All[method].Tableau,
            RelativeTolerance = rtol,
            AbsoluteTolerance = rtol * 1e-9,
            MaxSteps = 1_000_000,
            MaxStep = known.MaxStep,
        };
        Tensor y = Implicit.Ode.Integrate(
            known.Field,
            Tensor.Of(known.From, known.To),
            isScalar ? Tensor.Scalar(known.Y0[0]) : Tensor.Of(known.Y0),
            options
        );
        double[] actual = y[1].ToArray();
        double scale = known.Expected.Max(Math.Abs);
        Close.Elementwise(
            [.. known.Expected.Select(e => e / scale)],
            [.. actual.Select(a => a / scale)],
            10.0 * rtol * known.Condition
        );
    }

    /// <summary>Case 19: errors grow by about 4 000 on the way, so the tolerance is as tight as float64 allows.</summary>
    [Fact]
    public void Lorenz_to_ten()
    {
        var options = new OdeOptions
        {
            Method = Tableau.Dopri8,
            RelativeTolerance = 1e-13,
            AbsoluteTolerance = 1e-13,
        };
        Tensor y = Implicit.Ode.Integrate<Tensor>(
            ReferenceCases.Lorenz,
            Tensor.Of(0.0, 10.0),
            Tensor.Of(1.0, 0.0, 0.0),
            options
        );
        Close.Elementwise(
            [-5.8576853824240900202, -5.8310824864261004429, 23.932132987027562647],
            y[1].ToArray(),
            1e-8
        );
    }

    /// <summary>Case 34 (±0.20051768744560746747): y, ∂y/∂z and ∂²y/∂z² of y′ = −zy, in every mix of modes.</summary>
    [Fact]
    public void Decay_by_its_rate_to_second_order()
    {
        const double Known = 0.20051768744560746747;
        Func<Tensor, Tensor> end = z =>
            Implicit.Ode.Integrate(
                (t, y) => -z * y,
                Tensor.Of(0.0, 1.0),
                Tensor.Scalar(2.0),
                Problems.At(Tableau.Dopri8, 1e-12)
            )[1];
        Tensor at = Tensor.Scalar(2.3);
        Tensor one = Tensor.Scalar(1.0);
        Func<Tensor, Tensor> reverse = z => Differentiation.Grad(end, z);
        Func<Tensor, Tensor> forward = z => Differentiation.Jvp(end, z, one).Tangent;
        Close.Elementwise([Known], [(double)end(at)], 1e-11);
        Close.Elementwise([-Known, -Known], [(double)reverse(at), (double)forward(at)], 1e-11);
        Close.Elementwise(
            [Known, Known, Known, Known],
            [
                (double)Differentiation.Grad(reverse, at),
                (double)Differentiation.Grad(forward, at),
                (double)Differentiation.Jvp(reverse, at, one).Tangent,
                (double)Differentiation.Jvp(forward, at, one).Tangent,
            ],
            1e-11
        );
    }

    public static TheoryData<string> Adjoints => Methods.AdjointNames;

    /// <summary>Case 35: value and all derivatives of L = Σy(1) for y′ = Ay.</summary>
    [Theory]
    [MemberData(nameof(Adjoints))]
    public void Linear_system_by_its_matrix_start_and_end(string adjoint)
    {
        OdeOptions options = Problems.At(Tableau.Dopri8, 1e-12) with { Adjoint = Methods.Adjoints[adjoint] };
        Func<(Tensor A, Tensor Y0, Tensor T), Tensor> end = x =>
            Implicit.Ode.Integrate(
                (t, y) => Tensor.MatMul(x.A, y),
                Tensor.Stack([Tensor.Scalar(0.0), x.T]),
                x.Y0,
                options
            )[1];
        (Tensor, Tensor, Tensor) at = (Tensor.Of(Rotation), Tensor.Of(2.0, 0.0), Tensor.Scalar(1.0));
        Close.Elementwise([-0.75309045821029763069, -1.6455326718313834174], end(at).ToArray(), 1e-11);
        (Tensor a, Tensor y0, Tensor t1) = Differentiation.Grad(x => Tensor.Sum(end(x)), at);
        Close.Elementwise(
            [-0.7879283970629946697, -0.034837938852697039005, 0.8576042747683887477, -1.6106947329786863784],
            a.ToArray(),
            1e-10
        );
        Close.Elementwise([-1.199311565020840524, 0.44622110681054289335], y0.ToArray(), 1e-10);
        Close.Elementwise([-1.5450221142380034686], t1.ToArray(), 1e-10);
    }

    /// <summary>Case 31: y′ = −y/2 before t = ½ and y² after it, as two solves; ∂y₁/∂y₀ = (y₁/y₀)²·e^¼.</summary>
    [Theory]
    [InlineData(1.0, 1.2754688543449044989)]
    [InlineData(2.0, 7.0416233283755969285)]
    public void A_jump_of_the_field_is_two_solves(double y0, double expected)
    {
        OdeOptions options = Problems.At(Tableau.Dopri8, 1e-12);
        Func<Tensor, Tensor> end = y =>
        {
            Tensor half = Implicit.Ode.Integrate((t, y) => -0.5 * y, Tensor.Of(0.0, 0.5), y, options)[1];
            return Implicit.Ode.Integrate((t, y) => y * y, Tensor.Of(0.5, 1.0), half, options)[1];
        };
        (Tensor value, Tensor slope) = Differentiation.ValueAndGrad(end, Tensor.Scalar(y0));
        Close.Elementwise([1.0], [(double)value / expected], 1e-10);
        Close.Elementwise([1.0], [(double)slope / (Math.Pow(expected / y0, 2.0) * Math.Exp(0.25))], 1e-10);
    }

    /// <summary>Case 51: ten Euler steps of y′ = y are 1.1¹⁰ = 2.5937424601 exactly, and so is their derivative.</summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("checkpointed 2")]
    [InlineData("checkpointed 32")]
    public void Eulers_steps_and_their_derivative_are_exact(string adjoint)
    {
        var options = new OdeOptions
        {
            Method = Tableau.Euler,
            Steps = new StepControl.Fixed(0.1),
            Adjoint = Methods.Adjoints[adjoint],
        };
        (Tensor value, Tensor slope) = Differentiation.ValueAndGrad(
            y0 => Implicit.Ode.Integrate((t, y) => y, Tensor.Of(0.0, 1.0), y0, options)[1],
            Tensor.Scalar(1.0)
        );
        Close.Elementwise([2.5937424601, 2.5937424601], [(double)value, (double)slope], 1e-15);
    }
}
