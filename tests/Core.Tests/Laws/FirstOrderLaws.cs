using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>Both modes against differences of values and against each other.</summary>
public sealed class FirstOrderLaws
{
    private const double OfDifferences = 1e-8;

    public static TheoryData<string> Names => OpCases.Differentiable;

    [Theory]
    [MemberData(nameof(Names))]
    public void Vjp_is_the_difference_quotient(string op)
    {
        var probe = new Probe(OpCases.All[op]);
        double[][] expected = Differences.Gradient(
            x => probe.Apply(probe.Like(x)).ToArray().Zip(probe.W, (y, w) => y * w).Sum(),
            probe.X
        );
        Tensor[] actual = probe.Pullback(probe.Like(probe.X), probe.Weights);
        Close.Normwise([.. expected.SelectMany(x => x)], Probe.Flat(actual), OpCases.All[op].Condition * OfDifferences);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Jvp_is_the_difference_quotient(string op)
    {
        var probe = new Probe(OpCases.All[op]);
        double[] expected = Differences.Along(x => probe.Apply(probe.Like(x)).ToArray(), probe.X, probe.V);
        Tensor actual = probe.Pushforward(probe.Like(probe.X), probe.Like(probe.V));
        Close.Normwise(expected, actual.ToArray(), OpCases.All[op].Condition * OfDifferences);
    }

    /// <summary>⟨w, J·v⟩ = ⟨Jᵀw, v⟩.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Jvp_is_the_transpose_of_vjp(string op)
    {
        var probe = new Probe(OpCases.All[op]);
        Tensor[] x = probe.Like(probe.X);
        Tensor[] v = probe.Like(probe.V);
        double forward = (double)Probe.Inner([probe.Weights], [probe.Pushforward(x, v)]);
        double reverse = (double)Probe.Inner(probe.Pullback(x, probe.Weights), v);
        Close.Elementwise([forward], [reverse], OpCases.All[op].Condition * 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_in_float32_are_those_in_float64(string op)
    {
        var exact = new Probe(OpCases.All[op]);
        var single = new Probe(OpCases.All[op], DType.Float32);
        double tolerance = OpCases.All[op].Condition * 1e-5;
        Close.Normwise(Reverse(exact), Reverse(single), tolerance);
        Close.Normwise(Forward(exact), Forward(single), tolerance);

        static double[] Reverse(Probe probe) => Probe.Flat(probe.Pullback(probe.Like(probe.X), probe.Weights));

        static double[] Forward(Probe probe) => probe.Pushforward(probe.Like(probe.X), probe.Like(probe.V)).ToArray();
    }
}
