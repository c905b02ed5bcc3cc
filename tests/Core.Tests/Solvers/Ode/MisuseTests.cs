using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>What is asked wrongly is one clear error, before anything is solved.</summary>
public sealed class MisuseTests
{
    private static readonly Tensor Span = Tensor.Of(0.0, 0.5, 2.0);

    private static Tensor Read
    {
        get
        {
            Tensor weights = Tensor.Exp(Tensor.Of(1.0, 2.0));
            weights.ToArray();
            return weights;
        }
    }

    private static readonly Dictionary<string, (Action Act, string[] Told)> Misuses = new()
    {
        ["wrong shape"] = (
            () => Implicit.Ode.Integrate((t, y) => Tensor.Of(1.0, 2.0, 3.0), Span, Tensor.Of(1.0, 2.0)),
            ["[odeint]", "the type of the state", "float64[2]", "Received float64[3]"]
        ),
        ["wrong shape of a leaf"] = (
            () =>
                Implicit.Ode.Integrate<(Tensor, Tensor)>(
                    (t, y) => (y.Item1, y.Item1),
                    Span,
                    (Tensor.Of(1.0, 2.0), Tensor.Of(1.0))
                ),
            ["[odeint]", "leaf 1", "float64[1]", "Received float64[2]"]
        ),
        ["wrong number of leaves"] = (
            () => Implicit.Ode.Integrate<Tensor[]>((t, y) => [y[0]], Span, [Tensor.Of(1.0), Tensor.Of(2.0)]),
            ["[odeint]", "as many tensors as the state (2)", "Received 1"]
        ),
        ["an integer state"] = (
            () => Implicit.Ode.Integrate((t, y) => y, Span, Tensor.Of([1L, 2L])),
            ["[odeint]", "floating-point", "int64[2]"]
        ),
        ["mixed element types"] = (
            () => Implicit.Ode.Integrate<(Tensor, Tensor)>((t, y) => y, Span, (Tensor.Of(1.0), Tensor.Of([1.0f]))),
            ["[odeint]", "one element type", "float32[1]"]
        ),
        ["no tensors"] = (
            () => Implicit.Ode.Integrate<Tensor[]>((t, y) => y, Span, []),
            ["[odeint]", "at least one tensor"]
        ),
        ["an empty span"] = (
            () => Implicit.Ode.Integrate((t, y) => y, Tensor.Of(1.0, 1.0), Tensor.Of(1.0)),
            ["[odeint]", "span is not empty", "1 and then 1 at position 1"]
        ),
        ["no times"] = (
            () => Implicit.Ode.Integrate((t, y) => y, Tensor.Of(Array.Empty<double>()), Tensor.Of(1.0)),
            ["[odeint]", "at least one output time"]
        ),
        ["times that turn"] = (
            () => Implicit.Ode.Integrate((t, y) => y, Tensor.Of(0.0, 2.0, 1.0), Tensor.Of(1.0)),
            ["[odeint]", "ascend or descend strictly", "2 and then 1 at position 2"]
        ),
        ["a NaN time"] = (
            () => Implicit.Ode.Integrate((t, y) => y, Tensor.Of(0.0, double.NaN), Tensor.Of(1.0)),
            ["[odeint]", "finite", "at position 1"]
        ),
        ["a span that is no number"] = (
            () => Implicit.Ode.Integrate((t, y) => y, Tensor.Of(-1.7e308, 0.0, 1.7e308), Tensor.Of(1.0)),
            ["[odeint]", "span", "finite", "-1.7E+308 to 1.7E+308"]
        ),
        ["times that are one in the state's type"] = (
            () =>
                Implicit.Ode.Integrate(
                    (t, y) => Tensor.Cos(t),
                    Tensor.Of(0.0, 1.7e9, 1.7e9 + 1.0),
                    Tensor.Scalar(0.0, DType.Float32)
                ),
            ["[odeint]", "differ in float32", "1700000000 and then 1700000001 at position 2"]
        ),
        ["times as a scalar"] = (
            () => Implicit.Ode.Integrate((t, y) => y, Tensor.Scalar(1.0), Tensor.Of(1.0)),
            ["[odeint]", "a vector"]
        ),
        ["a read while tracing"] = (
            () => Implicit.Ode.Integrate((t, y) => y.ToArray()[0] > 0 ? y : -y, Span, Tensor.Of(1.0)),
            ["[odeint]", "must not be read", "where"]
        ),
        ["adaptive without an estimate"] = (
            () =>
                Implicit.Ode.Integrate(
                    (t, y) => y,
                    Span,
                    Tensor.Of(1.0),
                    new OdeOptions { Method = Tableau.Rk4, Steps = StepControl.PI }
                ),
            ["[odeint]", "error estimate", "rk4"]
        ),
        ["a negative tolerance"] = (
            () => Integrate(new OdeOptions { RelativeTolerance = -1e-3 }),
            ["[odeint]", "tolerance", "-0.001"]
        ),
        ["a NaN tolerance"] = (
            () => Integrate(new OdeOptions { RelativeTolerance = double.NaN }),
            ["[odeint]", "tolerance", "NaN"]
        ),
        ["no tolerance"] = (
            () => Integrate(new OdeOptions { RelativeTolerance = 0.0, AbsoluteTolerance = 0.0 }),
            ["[odeint]", "tolerance"]
        ),
        ["a negative adjoint tolerance"] = (
            () => Integrate(new OdeOptions { Adjoint = new Adjoint.Backsolve(-1.0) }),
            ["[odeint]", "tolerance", "-1"]
        ),
        ["a step of no size"] = (
            () => Integrate(new OdeOptions { Steps = new StepControl.Fixed(0.0) }),
            ["[odeint]", "fixed step must be positive"]
        ),
        ["a step control that cannot shrink"] = (
            () => Integrate(new OdeOptions { Steps = new StepControl.Adaptive(0.0, 1.0, 0.0, MinFactor: 2.0) }),
            ["[odeint]", "step control", "MinFactor = 2"]
        ),
        ["a step control without safety"] = (
            () => Integrate(new OdeOptions { Steps = new StepControl.Adaptive(0.0, 1.0, 0.0, Safety: 2.0) }),
            ["[odeint]", "step control", "Safety = 2"]
        ),
        ["a step control that is no number"] = (
            () => Integrate(new OdeOptions { Steps = new StepControl.Adaptive(0.0, double.NaN, 0.0) }),
            ["[odeint]", "step control", "NaN"]
        ),
        ["one checkpoint"] = (
            () => Integrate(new OdeOptions { Adjoint = new Adjoint.Checkpointed(1) }),
            ["[odeint]", "at least 2", "Received 1"]
        ),
        ["limits that cross"] = (
            () => Integrate(new OdeOptions { MinStep = 0.1, MaxStep = 0.01 }),
            ["[odeint]", "smallest step", "0.1"]
        ),
        ["a norm that is no scalar"] = (
            () => Integrate(new OdeOptions { Norm = e => e[0] }),
            ["[odeint]", "norm", "float64[2]"]
        ),
        ["a norm that captures"] = (
            () => Integrate(new OdeOptions { Norm = e => Tensor.Sum(Tensor.Sum(e[0]) * Span) }),
            ["[odeint]", "norm", "captured float64[3]"]
        ),
        ["a norm that captures what was read"] = (
            () => Integrate(new OdeOptions { Norm = e => Tensor.Sum(e[0] * Read) }),
            ["[odeint]", "norm", "captured float64[2]"]
        ),
    };

    public static TheoryData<string> MisuseNames => [.. Misuses.Keys];

    [Theory]
    [MemberData(nameof(MisuseNames))]
    public void A_misuse_is_one_clear_error(string name)
    {
        (Action act, string[] told) = Misuses[name];
        TensorException error = Assert.Throws<TensorException>(act);
        foreach (string part in told)
            Assert.Contains(part, error.Message);
    }

    private static void Integrate(OdeOptions options) =>
        Implicit.Ode.Integrate((t, y) => y, Span, Tensor.Of(1.0, 2.0), options);
}
