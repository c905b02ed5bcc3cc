using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Transforms;

/// <summary>
/// A rule of the user's may hold loops, branches and solves, whose own derivatives read what they were given: forward mode, which transposes the rule,
/// reads none of it.
/// </summary>
public sealed class CustomRuleTests
{
    private static readonly Tensor X = Tensor.Of(0.3, 0.7, 1.2);

    /// <summary>Ways to write 2xw.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Rules = new()
    {
        ["elementwise"] = (x, w) => 2.0 * x * w,
        ["selected"] = (x, w) => Tensor.Where(x > 0.0, 2.0 * x * w, w),
        ["solve"] = (x, w) => Tensor.Solve(Tensor.Eye(3) + (0.5 * Tensor.Ones([3, 3])), w) * 0.0 + (2.0 * x * w),
        ["cond"] = (x, w) => Branches.Cond(Tensor.Sum(x) > 0.0, v => 2.0 * x * v, v => x * v, w),
        ["scan"] = (x, w) => Loops.Scan((Tensor c, Tensor[] _) => (c + (x * w), c), Tensor.ZerosLike(x), [], 2).Carry,
        ["scan of the cotangent"] = (x, w) => Loops.Scan((Tensor c, Tensor[] _) => (2.0 * x * c, c), w, [], 1).Carry,
        ["checkpoint"] = (x, w) => Checkpointing.Checkpoint((Tensor v) => 2.0 * x * v, w),
        ["odeint"] = (x, w) => Ode.Integrate((t, y) => 2.0 * x * w, Tensor.Of(0.0, 1.0), Tensor.ZerosLike(x))[^1],
        ["root"] = (x, w) => Root.Find(z => z - (2.0 * x * w), w, Solver(new Newton())),
        ["fixedPoint"] = (x, w) => FixedPoint.Find(z => (0.5 * z) + (x * w), w, Solver(new Anderson())),
        ["argmin"] = (x, w) => Minimise.Argmin(z => Tensor.Sumsq(z - (2.0 * x * w)), w),
    };

    public static TheoryData<string> Cases => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_modes_take_it(string name)
    {
        Func<Tensor, Tensor> square = Square(name);
        Tensor ones = Tensor.OnesLike(X);
        double[] slope = (2.0 * X).ToArray();
        Close.Elementwise(slope, Differentiation.Grad((Tensor x) => Tensor.Sum(square(x)), X).ToArray(), 1e-9);
        Close.Elementwise(slope, Differentiation.Jvp(square, X, ones).Tangent.ToArray(), 1e-9);
    }

    /// <summary>Σx⁴ has the second derivatives 12x²: forward over reverse, and reverse over reverse.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void So_do_second_derivatives(string name)
    {
        Func<Tensor, Tensor> square = Square(name);
        Tensor Slope(Tensor x) => Differentiation.Grad((Tensor v) => Tensor.Sumsq(square(v)), x);
        double[] expected = (12.0 * X * X).ToArray();
        Tensor mixed = Differentiation.Jvp(Slope, X, Tensor.OnesLike(X)).Tangent;
        Tensor reverse = Differentiation.Grad((Tensor x) => Tensor.Sum(Slope(x)), X);
        Close.Elementwise(expected, mixed.ToArray(), 1e-7);
        Close.Elementwise(expected, reverse.ToArray(), 1e-7);
    }

    /// <summary>Newton's method makes the Jacobian in forward mode: z + z²/10 = x.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Solvers_take_it(string name)
    {
        Func<Tensor, Tensor> square = Square(name);
        Tensor z = Root.Find(z => z + (0.1 * square(z)) - X, X, Solver(new Newton()));
        Close.Elementwise(X.ToArray(), (z + (0.1 * z * z)).ToArray(), 1e-9);
    }

    /// <summary>Rules that scale or choose by the cotangent have no transpose.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> NotLinear = new()
    {
        ["clamp"] = (x, w) => Tensor.Clamp(w, -0.5, 0.5),
        ["square"] = (x, w) => w * Tensor.Dot(w, w),
        ["clipped"] = (x, w) => w / Tensor.Sqrt(1.0 + Tensor.Dot(w, w)),
        ["sort"] = (x, w) => Tensor.Sort(w),
        ["max"] = (x, w) => Tensor.Max(w) * x,
        ["softmax"] = (x, w) => Tensor.Softmax(w, 0),
        ["cond of clamp"] = (x, w) => Branches.Cond(Tensor.Sum(x) > 0.0, v => Tensor.Clamp(v, -0.5, 0.5), v => v, w),
        ["scan of squares"] = (x, w) => Loops.Scan((Tensor c, Tensor[] _) => (c * c, c), w, [], 2).Carry,
        ["product"] = (x, w) => Tensor.Outer(w, w)[0],
    };

    public static TheoryData<string> NotLinearCases => [.. NotLinear.Keys];

    [Theory]
    [MemberData(nameof(NotLinearCases))]
    public void A_rule_that_is_not_linear_is_refused_in_forward_mode_alone(string name)
    {
        Tensor Squared(Tensor x) =>
            CustomDerivatives.Apply((Tensor v) => v * v, (v, y, w) => NotLinear[name](v, w), null, x);

        Tensor weights = Tensor.Of(1.0, 2.0, -1.0);
        Tensor pulled = Differentiation.Grad((Tensor x) => Tensor.Dot(weights, Squared(x)), X);
        Assert.Equal(NotLinear[name](X, weights).ToArray(), pulled.ToArray());
        string message = Assert
            .Throws<TensorException>(() => Differentiation.Jvp(Squared, X, Tensor.OnesLike(X)))
            .Message;
        Assert.StartsWith("[customDerivative] the rule must be linear in the cotangent for forward mode", message);
    }

    private static Func<Tensor, Tensor> Square(string rule) =>
        x => CustomDerivatives.Apply((Tensor v) => v * v, (v, y, w) => Rules[rule](v, w), null, x);

    private static EquationOptions Solver(EquationMethod method) =>
        new()
        {
            Method = method,
            RelativeTolerance = 1e-13,
            AbsoluteTolerance = 1e-13,
        };
}
