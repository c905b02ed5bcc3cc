using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>The numbers of every method satisfy the conditions of the orders it claims, and one order more would be wrong.</summary>
public sealed class TableauLaws
{
    private const double Rounding = 1e-12;

    public static TheoryData<string> Names => Methods.Names;

    [Fact]
    public void There_are_as_many_trees_as_Cayley_counted() =>
        Assert.Equal(
            [1, 1, 2, 4, 9, 20, 48, 115],
            Enumerable.Range(1, 8).Select(order => RootedTree.OfOrder(order).Length)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_satisfy_the_order_conditions_up_to_the_order_and_no_further(string name)
    {
        Tableau method = Methods.All[name].Tableau;
        Assert.InRange(Defect(method, method.B, method.Order), 0.0, Rounding);
        Assert.True(Defect(method, method.B, method.Order + 1) > 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_embedded_method_has_its_order_and_no_more(string name)
    {
        Method method = Methods.All[name];
        Assert.Equal(method.EstimateOrder > 0, method.Tableau.HasErrorEstimate);
        if (method.Tableau.Error is not { } error)
            return;
        double[] embedded = [.. method.Tableau.B.Zip(error, (b, e) => b - e)];
        Assert.InRange(Defect(method.Tableau, embedded, method.EstimateOrder), 0.0, Rounding);
        Assert.True(Defect(method.Tableau, embedded, method.EstimateOrder + 1) > 1e-6);
    }

    /// <summary>With err = e₅²/√(e₅² + 0.01e₃²), e₅ ~ h⁶ and e₃ ~ h⁴, the estimate behaves like h⁸.</summary>
    [Fact]
    public void The_second_estimate_of_dopri8_is_of_third_order()
    {
        Tableau method = Tableau.Dopri8;
        double[] embedded = [.. method.B.Zip(method.CoarseError!, (b, e) => b - e)];
        Assert.InRange(Defect(method, embedded, 3), 0.0, Rounding);
        Assert.True(Defect(method, embedded, 4) > 1e-6);
        Assert.Equal(7, method.ErrorOrder);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nodes_are_row_sums_within_the_step(string name)
    {
        Tableau method = Methods.All[name].Tableau;
        Close.Elementwise([.. method.A.Select(row => row.Sum())], method.C, 1e-15);
        Assert.All(method.C, c => Assert.InRange(c, 0.0, 1.0 + Rounding));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dense_output_satisfies_the_conditions_of_its_order_at_every_point_and_no_further(string name)
    {
        Method method = Methods.All[name];
        double[] thetas = [0.1, 0.3, 0.5, 0.7, 0.9];
        double Worst(int order) =>
            thetas.Max(theta => Defect(method.Tableau, method.Tableau.Weights(theta), order, theta));
        Assert.InRange(Worst(method.DenseOrder), 0.0, Rounding);
        Assert.True(Worst(method.DenseOrder + 1) > 1e-6);
    }

    /// <summary>R(−½) of reference-cases/ode.md, case 33, through one step of the solver.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void One_step_is_the_stability_function(string name)
    {
        Method method = Methods.All[name];
        var options = new OdeOptions { Method = method.Tableau, Steps = new StepControl.Fixed(1.0) };
        Tensor y = Implicit.Ode.Integrate((t, y) => -0.5 * y, Tensor.Of(0.0, 1.0), Tensor.Scalar(1.0), options);
        if (name == "dopri8")
            // The first term that is not that of the exponential is of z⁹: at most about (½)⁹/9!.
            Assert.InRange(Math.Abs((double)y[1] - Math.Exp(-0.5)), 1e-14, 1e-8);
        else
            Close.Elementwise([method.Stability], [(double)y[1]], 1e-15);
    }

    /// <summary>max |Σ bᵢΦᵢ(t) − θ^ρ/γ(t)| over all trees up to an order.</summary>
    private static double Defect(Tableau method, double[] b, int order, double theta = 1.0)
    {
        double[][] a = method.A[..b.Length];
        return Enumerable
            .Range(1, order)
            .SelectMany(RootedTree.OfOrder)
            .Max(tree => Math.Abs(tree.Weight(b, a) - (Math.Pow(theta, tree.Order) / tree.Density)));
    }
}
