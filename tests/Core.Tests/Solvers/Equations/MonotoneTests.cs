using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>
/// A monotone equilibrium layer z = relu(W·z + b) (E. Winston and J. Z. Kolter 2020, "Monotone operator equilibrium networks"): W = (1 − m)I − AᵀA + B − Bᵀ
/// with m = 0.5, A = [[1, 0.5], [0, 0.8]], B = [[0, 0.6], [0, 0]]. Splittings of operators are fixed points too.
/// </summary>
public sealed class MonotoneTests
{
    private static readonly Tensor W = Tensor.Of([-0.5, 0.1, -1.1, -0.39], [2, 2]);

    private static readonly EquationOptions Plain = new()
    {
        Method = new Picard(),
        RelativeTolerance = 1e-13,
        MaxSteps = 20000,
    };

    /// <summary>b, z and ∂Σz/∂b, computed from the active rows.</summary>
    public static TheoryData<double[], double[], double[]> Cases =>
        new()
        {
            { [1.0, -0.3], [2.0 / 3.0, 0.0], [2.0 / 3.0, 0.0] },
            { [1.0, 2.0], [0.7243735763098, 0.86560364464692], [0.13211845102506, 0.72892938496583] },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_equilibrium_and_its_derivative(double[] b, double[] z, double[] slope)
    {
        Tensor bias = Tensor.Of(b, [2]);
        Close.Elementwise(z, Layer(bias).ToArray(), 1e-10);
        Close.Elementwise(slope, Differentiation.Grad((Tensor at) => Tensor.Sum(Layer(at)), bias).ToArray(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Peaceman_and_Rachford_s_splitting_converges_for_every_step(double[] b, double[] z, double[] slope)
    {
        Assert.Equal(2, slope.Length);
        foreach (double alpha in new[] { 0.05, 0.3, 1.0, 3.0, 10.0 })
        {
            Tensor resolvent = Tensor.Eye(2) + (alpha * (Tensor.Eye(2) - W));
            (Tensor Z, Tensor U) found = FixedPoint.Find(Turn, (Z: Tensor.Zeros([2]), U: Tensor.Zeros([2])), Plain);
            Close.Elementwise(z, found.Z.ToArray(), 1e-10);

            (Tensor Z, Tensor U) Turn((Tensor Z, Tensor U) at)
            {
                Tensor half = (2.0 * at.Z) - at.U;
                Tensor u = (2.0 * Tensor.Solve(resolvent, half + (alpha * Tensor.Of(b, [2])))) - half;
                return (Tensor.Relu(u), u);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_and_backward_steps_converge_if_they_are_short(double[] b, double[] z, double[] slope)
    {
        Assert.Equal(2, slope.Length);
        Close.Elementwise(z, Steps(0.1).Value.ToArray(), 1e-10);
        if (z[1] > 0.0)
            Assert.False(Steps(2.0).IsSuccess);

        Solution<Tensor> Steps(double alpha) =>
            FixedPoint.Solve(
                at => Tensor.Relu(at + (alpha * (Tensor.MatMul(W, at) + Tensor.Of(b, [2]) - at))),
                Tensor.Zeros([2]),
                Plain
            );
    }

    private static Tensor Layer(Tensor b) =>
        FixedPoint.Find(
            z => Tensor.Relu(Tensor.MatMul(W, z) + b),
            Tensor.Zeros([2]),
            new EquationOptions { Method = new Anderson(), RelativeTolerance = 1e-13 }
        );
}
