using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>A field that holds a loop of unknown length has derivatives in forward mode alone.</summary>
public sealed class LoopFieldTests
{
    private static readonly Dictionary<string, Adjoint> Adjoints = new()
    {
        ["default"] = new OdeOptions().Adjoint,
        ["checkpointed"] = new Adjoint.Checkpointed(4),
        ["direct"] = new Adjoint.Direct(),
        ["backsolve"] = new Adjoint.Backsolve(),
    };

    public static TheoryData<string> Cases => [.. Adjoints.Keys];

    /// <summary>y' = −2y from 0.7, where the loop doubles once: y(0.1) = 0.7·e^−0.2.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_mode_is_that_of_the_loop(string adjoint)
    {
        Tensor tangent = Differentiation
            .Jvp((Tensor y0) => Solved(adjoint, y0, Tensor.Scalar(0.1)), Tensor.Scalar(0.7), Tensor.Scalar(1.0))
            .Tangent;
        Close.Elementwise([Math.Exp(-0.2)], tangent.ToArray(), 1e-6);
        Tensor byTime = Differentiation
            .Jvp((Tensor end) => Solved(adjoint, Tensor.Scalar(0.7), end), Tensor.Scalar(0.1), Tensor.Scalar(1.0))
            .Tangent;
        Close.Elementwise([-1.4 * Math.Exp(-0.2)], byTime.ToArray(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reverse_mode_says_that_there_is_none(string adjoint)
    {
        string message = Assert
            .Throws<TensorException>(() =>
                Differentiation
                    .Grad((Tensor y0) => Solved(adjoint, y0, Tensor.Scalar(0.1)), Tensor.Scalar(0.7))
                    .ToArray()
            )
            .Message;
        Assert.Contains("a loop of unknown length must not be differentiated in reverse mode", message);
    }

    private static Tensor Solved(string adjoint, Tensor y0, Tensor end) =>
        Implicit.Ode.Integrate(
            (t, y) => -Loops.While((Tensor v) => v < 1.0, v => 2.0 * v, y),
            Tensor.Stack([Tensor.Scalar(0.0), end]),
            y0,
            new OdeOptions { Adjoint = Adjoints[adjoint] }
        )[1];
}
