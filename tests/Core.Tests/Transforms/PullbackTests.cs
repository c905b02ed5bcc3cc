using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Transforms;

/// <summary>
/// A vjp keeps what operations with several results give, so that its pullback finds it: as the operations gave it, whatever their callers
/// make of it.
/// </summary>
public sealed class PullbackTests
{
    private static readonly Tensor Steps = Tensor.Of(0.1, 0.2, 0.3);
    private static readonly Tensor Point = Tensor.Of(0.3, -0.2, 0.9);
    private static readonly Tensor Points = Stack([Point, 2.0 * Point]);

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Layers = new()
    {
        ["program"] = Nearest,
        ["batch of programs"] = v => Argmin.Qp(Program(Stack([v, 2.0 * v]))),
        ["mapped program"] = v => Vmap(Nearest, v * Points),
        ["mapped scan"] = v => Vmap(Running, v * Points),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pullback_of_a_value_is_the_gradient(string name)
    {
        Func<Tensor, Tensor> layer = Layers[name];
        (Tensor value, Func<Tensor, Tensor> pullback) = Vjp(layer, Point);
        Tensor weights = Cos(value);
        Tensor expected = Grad(v => Sum(weights * layer(v)), Point);
        Close.Elementwise(expected.ToArray(), pullback(weights).ToArray(), 1e-12);
    }

    private static Tensor Nearest(Tensor v) =>
        Functions.Argmin(
            ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v)).SubjectTo(x => [Sum(x) <= 0.9, x >= 0.1 * v]),
            v
        );

    private static QuadraticProgram Program(Tensor v) =>
        new(-v)
        {
            P = Eye(3),
            G = Ones([1, 3]),
            H = 0.5 * Tensor.Sum(v, keepDims: true, -1),
            Lower = 0.1 * v,
        };

    private static Tensor Running(Tensor v) =>
        Scan((Tensor c, Tensor x) => (Tanh(c + (x * v)), c * v), v, Steps).Outputs;
}
