using Implicit.Runtime;
using Implicit.Tests.Engine;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Solvers of the caller's, and reports beside gradients.</summary>
[Collection(nameof(Alone))]
public sealed class CustomTests
{
    /// <summary>√a by a loop over numbers that no trace could follow, differentiated by z² = a·c with a captured c.</summary>
    [Fact]
    public void A_solver_over_plain_numbers_has_the_derivatives_of_its_equation()
    {
        Tensor Find(Tensor[] p) =>
            Root.Custom(
                (a, z0) => Tensor.Of(Array.ConvertAll(a.ToArray(), Math.Sqrt)),
                (a, z) => (z * z) - (a * p[1]),
                p[0],
                Tensor.Ones([2]),
                new EquationOptions { RelativeTolerance = 1e-12 }
            );
        Tensor[] at = [Tensor.Of([4.0, 9.0]), Tensor.Ones([2])];
        Close.Elementwise([2.0, 3.0], Find(at).ToArray(), 1e-12);
        Tensor Loss(Tensor[] p) => Tensor.Sum(Find(p));
        Tensor[] gradient = Differentiation.Grad(Loss, at);
        Close.Elementwise([0.25, 1.0 / 6], gradient[0].ToArray(), 1e-12);
        // The equation's capture is differentiated too: ∂√(ac)/∂c = √a/2 at c = 1.
        Close.Elementwise([1.0, 1.5], gradient[1].ToArray(), 1e-12);
        Tensor[] direction = [Tensor.Ones([2]), Tensor.Zeros([2])];
        Close.Elementwise([-1.0 / 32, -1.0 / 108], Jacobians.Hvp(Loss, at, direction)[0].ToArray(), 1e-12);
    }

    [Fact]
    public void A_fixed_point_found_by_hand_has_the_derivative_of_the_layer()
    {
        Tensor weights = EquationCases.Matrix(EquationCases.Weights);
        foreach (
            ImplicitDerivative derivative in new ImplicitDerivative[]
            {
                new ImplicitDerivative.Exact(new LinearSolver.Gmres()),
                new ImplicitDerivative.Neumann(60),
            }
        )
        {
            Tensor Find(Tensor b) =>
                FixedPoint.Custom(
                    Iterate,
                    (bias, z) => EquationCases.Layer(weights, bias, z),
                    b,
                    Tensor.Zeros([3]),
                    new EquationOptions { Derivative = derivative }
                );
            Tensor gradient = Differentiation.Grad((Tensor b) => Tensor.Sum(Find(b)), Tensor.Of(EquationCases.Bias));
            Close.Elementwise([0.88697349229697, 1.333052442261, 0.52770149587298], gradient.ToArray(), 1e-10);
            Tensor batch = Vectorisation.Vmap(Find, Tensor.Stack([Tensor.Of(EquationCases.Bias), Tensor.Zeros([3])]));
            Close.Elementwise(Find(Tensor.Of(EquationCases.Bias)).ToArray(), batch[0].ToArray(), 0.0);
        }

        Tensor Iterate(Tensor bias, Tensor z)
        {
            for (int i = 0; i < 200 && z.ToArray().All(double.IsFinite); i++)
                z = EquationCases.Layer(weights, bias, z);
            return z;
        }
    }

    /// <summary>A loop makes its lambdas anew in every step: their plans must be found again, and nothing of them kept.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void New_lambdas_in_a_loop_share_their_plans(bool isMapped)
    {
        for (int i = 0; i < 10; i++)
            Step(i);
        (int plans, long memory) = (Device.Cpu.Plans.Count, GC.GetTotalMemory(forceFullCollection: true));
        for (int i = 10; i < 1010; i++)
            Step(i);
        Assert.Equal(plans, Device.Cpu.Plans.Count);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 1 << 20);

        void Step(int i)
        {
            double[] own = new double[1000];
            own[0] = i + 1.0;
            Tensor Find(Tensor a) =>
                Root.Custom(
                    (a, z0) => Tensor.Of([own[0] * Math.Sqrt(a.ToArray()[0])]),
                    (a, z) => (z * z) - (own[0] * own[0] * a),
                    a,
                    Tensor.Ones([1]),
                    new EquationOptions { RelativeTolerance = 1e-12 }
                );
            Tensor Whole(Tensor a) => Tensor.Sum(isMapped ? Vectorisation.Vmap(Find, a) : Find(a[0]));
            Tensor slope = Differentiation.Grad(Whole, Tensor.Of([4.0], [1, 1]));
            Assert.Equal(own[0] / 4.0, slope.ToArray()[0], 1e-9 * own[0]);
        }
    }

    [Fact]
    public void An_answer_that_is_none_is_refused()
    {
        var error = Assert.Throws<SolveException>(() =>
            Root.Custom((a, z0) => a, (a, z) => (z * z) - a, Tensor.Of([4.0]), Tensor.Ones([1]))
        );
        Assert.StartsWith(
            "[customRoot] the solver's answer must satisfy the equation",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Throws<SolveException>(() =>
            Root.Custom((a, z0) => a * double.NaN, (a, z) => (z * z) - a, Tensor.Of([4.0]), Tensor.Ones([1]))
        );
        Assert.Throws<TensorException>(() =>
            Root.Custom((a, z0) => Tensor.Ones([3]), (a, z) => (z * z) - a, Tensor.Of([4.0]), Tensor.Ones([1]))
        );
        Assert.Throws<TensorException>(() =>
            Differentiation.Grad(
                (Tensor p) =>
                    Root.Custom(
                        (a, z0) => Tensor.Sqrt(a),
                        (a, z) => (z * z) - a,
                        p,
                        Tensor.Scalar(1.0),
                        new EquationOptions { Derivative = new ImplicitDerivative.Unrolled() }
                    ),
                Tensor.Scalar(4.0)
            )
        );
    }

    /// <summary>The gradient with respect to a certificate is the report of the adjoint solve.</summary>
    [Fact]
    public void A_certificate_reports_beside_the_gradient()
    {
        Tensor weights = EquationCases.Matrix(EquationCases.Weights);
        Tensor Loss(Tensor[] p) =>
            Tensor.Sum(EquationCases.Equilibrium(weights, p[0], new EquationOptions { Certificate = p[1] }));
        Tensor[] gradient = Differentiation.Grad(Loss, (Tensor[])[Tensor.Of(EquationCases.Bias), Tensor.Zeros([4])]);
        Close.Elementwise([0.88697349229697, 1.333052442261, 0.52770149587298], gradient[0].ToArray(), 1e-8);
        LinearReport report = LinearReport.Read(gradient[1]);
        Assert.True(report.IsSuccess, report.Message);
        Assert.InRange(report.Iterations, 1, 3);
        Assert.InRange(report.Residual, 0.0, report.Tolerance);
        Tensor[] batch = Vectorisation.Vmap(
            (Tensor[] p) => Differentiation.Grad(Loss, p),
            [Tensor.Stack([Tensor.Of(EquationCases.Bias), Tensor.Zeros([3])]), Tensor.Zeros([2, 4])]
        );
        Assert.Equal(gradient[1].ToArray(), batch[1][0].ToArray());
    }

    [Fact]
    public void A_certificate_tells_of_an_adjoint_that_failed()
    {
        const int n = 12;
        Tensor Loss(Tensor[] p) =>
            Root.Find(
                z => Tensor.Concat([Tensor.Slice(z, 0, 1), Tensor.Slice(z, 0, 0, 1)], 0) - p[0],
                Tensor.Zeros([n]),
                new EquationOptions
                {
                    Derivative = new ImplicitDerivative.Exact(new LinearSolver.Gmres(4)),
                    Certificate = p[1],
                }
            )[0];
        Tensor[] gradient = Differentiation.Grad(Loss, (Tensor[])[Tensor.Ones([n]), Tensor.Zeros([4])]);
        LinearReport report = LinearReport.Read(gradient[1]);
        Assert.Equal(LinearStatus.Stagnated, report.Status);
        Assert.Equal(1.0, report.Residual, 1e-12);
    }
}
