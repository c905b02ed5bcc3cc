using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static Implicit.Tests.Solvers.Equations.EquationCases;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>A deep equilibrium layer of three units: all derivatives known to 14 digits, by 50-digit arithmetic.</summary>
public sealed class EquilibriumTests
{
    private static readonly EquationOptions Tight = new()
    {
        Method = new Newton(),
        RelativeTolerance = 1e-15,
        AbsoluteTolerance = 1e-16,
    };

    public static TheoryData<string> Methods => [.. EquationCases.Methods.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_solution(string method) =>
        Close.Elementwise(
            [0.65920802654861, -0.093874410175538, -0.0043381743878832],
            Equilibrium(
                    Matrix(Weights),
                    Tensor.Of(Bias),
                    new EquationOptions { Method = EquationCases.Methods[method] }
                )
                .ToArray(),
            1e-10
        );

    [Fact]
    public void The_exact_gradient() =>
        CheckGradient(new ImplicitDerivative.Exact(), [0.88697349229697, 1.333052442261, 0.52770149587298]);

    [Fact]
    public void The_gradient_of_one_step() =>
        CheckGradient(new ImplicitDerivative.OneStep(), [0.56544477768389, 0.99118759511419, 0.99998118024298]);

    [Fact]
    public void The_gradient_of_a_Neumann_series()
    {
        CheckGradient(new ImplicitDerivative.Neumann(0), [0.56544477768389, 0.99118759511419, 0.99998118024298]);
        CheckGradient(new ImplicitDerivative.Neumann(2), [0.86304468355254, 1.5204652416509, 0.46993992433796]);
        CheckGradient(new ImplicitDerivative.Neumann(20), [0.88697387815599, 1.3330554393988, 0.5276982194013]);
    }

    [Fact]
    public void The_phantom_gradient() =>
        CheckGradient(new ImplicitDerivative.Phantom(5, 0.5), [0.76182855644887, 1.3582711300947, 0.62178114123105]);

    [Fact]
    public void The_Hessian()
    {
        double[] hessian = Jacobians
            .Hessian((Tensor b) => Tensor.Sum(Equilibrium(Matrix(Weights), b, Tight)), Tensor.Of(Bias))
            .ToArray();
        Close.Elementwise([-1.7318036098725, 0.50171327063745, -0.52998688070998], hessian[..3], 1e-10);
        Close.Elementwise([0.13441445837883, -0.049493332062594], [hessian[4], hessian[8]], 1e-10);
    }

    [Fact]
    public void The_gradient_with_respect_to_the_weights() =>
        Close.Elementwise(
            [0.58470004545801, -0.083264113430715, -0.003847845687014],
            Differentiation
                .Grad((Tensor w) => Tensor.Sum(Equilibrium(w, Tensor.Of(Bias), Tight)), Matrix(Weights))
                .ToArray()[..3],
            1e-10
        );

    /// <summary>One real eigenvalue and a pair of complex ones of modulus ρ: det J = λρ².</summary>
    [Fact]
    public void The_Jacobian_of_the_layer()
    {
        Tensor z = Equilibrium(Matrix(Weights), Tensor.Of(Bias), Tight);
        Tensor jacobian = Jacobians.Jacobian((Tensor v) => Layer(Matrix(Weights), Tensor.Of(Bias), v), z);
        Assert.Equal(0.22215113513962, Tensor.Sumsq(jacobian).ToDouble() / 3.0, 1e-12);
        const double real = 0.20759474;
        Assert.Equal(0.0, Tensor.Det(jacobian - (real * Tensor.Eye(3))).ToDouble(), 1e-8);
        Assert.Equal(0.5498823460379, Math.Sqrt(Tensor.Det(jacobian).ToDouble() / real), 1e-7);
    }

    private static void CheckGradient(ImplicitDerivative derivative, double[] expected)
    {
        Tensor Find(Tensor b) => Equilibrium(Matrix(Weights), b, Tight with { Derivative = derivative });
        Tensor gradient = Differentiation.Grad((Tensor b) => Tensor.Sum(Find(b)), Tensor.Of(Bias));
        Close.Elementwise(expected, gradient.ToArray(), 1e-10);
        // The forward mode of the same policy: its matrix, summed over rows.
        Tensor matrix = Jacobians.JacobianForward(Find, Tensor.Of(Bias));
        Close.Elementwise(expected, Tensor.Sum(matrix, 0).ToArray(), 1e-10);
    }
}
