using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>Derivatives of derivatives, in every order of the two modes.</summary>
public sealed class SecondOrderLaws
{
    private const double OfDifferences = 1e-7;

    public static TheoryData<string> Names => OpCases.Differentiable;

    /// <summary>∂/∂(x, w) ⟨v, J(x)ᵀw⟩ against differences of the vjp.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_of_the_vjp_is_its_difference_quotient(string op)
    {
        var probe = new Probe(OpCases.All[op]);
        double[][] expected = Differences.Gradient(
            point => (double)Scalar(probe, probe.Like(point[..^1]), Tensor.Of(point[^1], OpCases.All[op].Result)),
            [.. probe.X, probe.W]
        );
        Tensor[] actual = Differentiation
            .ValueAndGrad<Tensor[], Tensor>(
                point => Scalar(probe, point[..^1], point[^1]),
                [.. probe.Like(probe.X), probe.Weights]
            )
            .Gradient;
        Close.Normwise([.. expected.SelectMany(x => x)], Probe.Flat(actual), OpCases.All[op].Condition * OfDifferences);
    }

    /// <summary>With H the second derivative of ⟨w, f⟩: H·v is the same by every pair of modes.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Modes_commute(string op)
    {
        var probe = new Probe(OpCases.All[op]);
        Tensor[] x = probe.Like(probe.X);
        Tensor[] v = probe.Like(probe.V);
        double[] reverseOverReverse = Probe.Flat(
            Differentiation.ValueAndGrad<Tensor[], Tensor>(at => Scalar(probe, at, probe.Weights), x).Gradient
        );
        double[] forwardOverReverse = Probe.Flat(
            Differentiation.Jvp<Tensor[], Tensor[]>(at => probe.Pullback(at, probe.Weights), x, v).Tangent
        );
        double[] reverseOverForward = Probe.Flat(
            Differentiation
                .ValueAndGrad<Tensor[], Tensor>(at => Probe.Inner([probe.Weights], [probe.Pushforward(at, v)]), x)
                .Gradient
        );
        double tolerance = OpCases.All[op].Condition * 1e-11;
        Close.Normwise(reverseOverReverse, forwardOverReverse, tolerance);
        Close.Normwise(reverseOverReverse, reverseOverForward, tolerance);
    }

    /// <summary>The second derivative along v by two forward passes: ⟨w, f″[v, v]⟩ = ⟨v, H·v⟩.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_over_forward_is_the_curvature(string op)
    {
        var probe = new Probe(OpCases.All[op]);
        Tensor[] x = probe.Like(probe.X);
        Tensor[] v = probe.Like(probe.V);
        Tensor curvature = Differentiation.Jvp(at => probe.Pushforward(at, v), x, v).Tangent;
        Tensor[] product = Differentiation
            .ValueAndGrad<Tensor[], Tensor>(at => Scalar(probe, at, probe.Weights), x)
            .Gradient;
        Close.Elementwise(
            [(double)Probe.Inner(product, v)],
            [(double)Probe.Inner([probe.Weights], [curvature])],
            OpCases.All[op].Condition * 1e-11
        );
    }

    private static Tensor Scalar(Probe probe, Tensor[] x, Tensor w) =>
        Probe.Inner(probe.Pullback(x, w), probe.Like(probe.V));
}
