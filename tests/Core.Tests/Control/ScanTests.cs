using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Control;

public sealed class ScanTests
{
    private const int Steps = 5;
    private static readonly Tensor W = Tensor.Of(0.3, -0.7, 0.9);
    private static readonly Tensor Xs = Tensor.Of(
        new double[,]
        {
            { 0.1, 0.5, -0.3 },
            { 0.7, -0.2, 0.4 },
            { -0.6, 0.8, 0.2 },
            { 0.9, 0.3, -0.5 },
            { -0.1, -0.4, 0.6 },
        }
    );
    private static readonly Tensor C0 = Tensor.Of(0.2, -0.1, 0.4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scan_is_its_unrolled_loop(bool reverse)
    {
        (Tensor carry, Tensor outputs) = Scanned(C0, Xs, W, reverse);
        (Tensor carry2, Tensor outputs2) = Unrolled(C0, Xs, W, reverse);
        Assert.Equal(carry2.ToArray(), carry.ToArray());
        Assert.Equal(outputs2.ToArray(), outputs.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_modes_agree_with_the_unrolled_loop_in_carry_elements_and_captures(bool reverse)
    {
        Tensor[] x = [C0, Xs, W];
        Tensor[] v = [W, Tensor.Exp(Xs), C0];
        Func<Tensor[], Tensor> scanned = t => Loss(Scanned(t[0], t[1], t[2], reverse));
        Func<Tensor[], Tensor> unrolled = t => Loss(Unrolled(t[0], t[1], t[2], reverse));
        AssertClose(Differentiation.Grad(unrolled, x), Differentiation.Grad(scanned, x));
        AssertClose([Differentiation.Jvp(unrolled, x, v).Tangent], [Differentiation.Jvp(scanned, x, v).Tangent]);
    }

    [Fact]
    public void Second_and_third_order_agree_with_the_unrolled_loop_in_every_mix_of_modes()
    {
        Tensor[] x = [C0, Xs, W];
        Tensor[] v = [W, Tensor.Exp(Xs), C0];
        Func<Tensor[], Tensor> scanned = t => Loss(Scanned(t[0], t[1], t[2], false));
        Func<Tensor[], Tensor> unrolled = t => Loss(Unrolled(t[0], t[1], t[2], false));
        foreach ((string name, Func<Func<Tensor[], Tensor>, Tensor[]> derivative) in Mixes(x, v))
        {
            Tensor[] expected = derivative(unrolled);
            Assert.Contains(expected.SelectMany(t => t.ToArray()), e => Math.Abs(e) > 1e-3);
            AssertClose(expected, derivative(scanned), name);
        }
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        Func<double[][], double> f = x => Loss(Scanned(Tensor.Of(x[0]), Xs, Tensor.Of(x[1]), true)).ToDouble();
        double[][] at = [C0.ToArray(), W.ToArray()];
        double[][] expected = Differences.Gradient(f, at);
        Tensor[] gradient = Differentiation.Grad((Tensor[] t) => Loss(Scanned(t[0], Xs, t[1], true)), [C0, W]);
        for (int i = 0; i < expected.Length; i++)
            Close.Elementwise(expected[i], gradient[i].ToArray(), 1e-9);
    }

    internal static IEnumerable<(string, Func<Func<Tensor[], Tensor>, Tensor[]>)> Mixes(Tensor[] x, Tensor[] v)
    {
        Func<Func<Tensor[], Tensor>, Func<Tensor[], Tensor>> along = f => t => Differentiation.Jvp(f, t, v).Tangent;
        Func<Func<Tensor[], Tensor>, Func<Tensor[], Tensor>> inner = f =>
            t => Probe.Inner(Differentiation.Grad(f, t), v);
        yield return ("reverse over reverse", f => Differentiation.Grad(inner(f), x));
        yield return ("reverse over forward", f => Differentiation.Grad(along(f), x));
        yield return ("forward over reverse", f => Differentiation.Jvp(t => Differentiation.Grad(f, t), x, v).Tangent);
        yield return ("forward over forward", f => [Differentiation.Jvp(along(f), x, v).Tangent]);
        yield return ("reverse thrice", f => Differentiation.Grad(inner(inner(f)), x));
        yield return ("forward thrice", f => [Differentiation.Jvp(along(along(f)), x, v).Tangent]);
        yield return ("forward over reverse over reverse", f => [Differentiation.Jvp(inner(inner(f)), x, v).Tangent]);
        yield return ("reverse over forward over reverse", f => Differentiation.Grad(along(inner(f)), x));
        yield return ("reverse over reverse over forward", f => Differentiation.Grad(inner(along(f)), x));
    }

    private static (Tensor, Tensor) Step(Tensor carry, Tensor x, Tensor w)
    {
        Tensor next = Tensor.Exp(-(carry * carry)) * w + x * carry;
        return (next, next * x + w);
    }

    private static (Tensor Carry, Tensor Outputs) Scanned(Tensor c, Tensor xs, Tensor w, bool reverse) =>
        Loops.Scan((Tensor carry, Tensor x) => Step(carry, x, w), c, xs, reverse: reverse);

    private static (Tensor Carry, Tensor Outputs) Unrolled(Tensor c, Tensor xs, Tensor w, bool reverse)
    {
        var outputs = new Tensor[Steps];
        for (int k = 0; k < Steps; k++)
        {
            int at = reverse ? Steps - 1 - k : k;
            (c, outputs[at]) = Step(c, Row(xs, at), w);
        }
        Tensor all = Row(xs, 0) * 0.0;
        Tensor stacked = Tensor.Zeros([Steps, all.Length]);
        for (int k = 0; k < Steps; k++)
            stacked += Tensor.Reshape(Unit(k), [Steps, 1]) * Tensor.Reshape(outputs[k], [1, all.Length]);
        return (c, stacked);
    }

    private static Tensor Row(Tensor xs, int row) => Tensor.MatMul(Unit(row), xs);

    private static Tensor Unit(int row) => Tensor.Of([.. Enumerable.Range(0, Steps).Select(i => i == row ? 1.0 : 0.0)]);

    private static Tensor Loss((Tensor Carry, Tensor Outputs) r) =>
        Tensor.Sum(r.Carry * r.Carry) + Tensor.Sum(Tensor.Exp(r.Outputs) * r.Outputs);

    internal static void AssertClose(Tensor[] expected, Tensor[] actual, string name = "")
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].Shape == actual[i].Shape, $"{name}: {expected[i].Shape} and {actual[i].Shape}");
            Close.Elementwise(expected[i].ToArray(), actual[i].ToArray(), 1e-11);
        }
    }
}
