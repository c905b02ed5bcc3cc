using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>Every method with every adjoint against forward mode and central differences.</summary>
public sealed class GradientTests
{
    private const double FixedSize = 0.06;

    /// <summary>Parts of a gradient that belong to y₀ and the parameters; the rest are the times.</summary>
    private const int WithoutTimes = 5;

    public static TheoryData<string, string> All => Methods.AndAdjoints;

    public static TheoryData<string> Adaptive => Methods.Adaptive;

    public static TheoryData<string> Exact => Methods.ExactAdjoints;

    public static TheoryData<string> Adjoints => Methods.AdjointNames;

    /// <summary>
    /// Direct and Checkpointed differentiate the steps: reverse mode is forward mode to rounding. Backsolve discretises another equation with the same
    /// order, so that it differs by O(hᵖ).
    /// </summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Reverse_mode_is_forward_mode_with_fixed_steps(string method, string adjoint)
    {
        Weighted loss = Fixed(method, adjoint);
        double tolerance =
            adjoint == "backsolve" ? Math.Pow(FixedSize, Methods.All[method].Tableau.Order) + 1e-9 : 1e-12;
        Close.Normwise(loss.ForwardGradient(), Weighted.Flat(loss.Gradient(loss.Point)), tolerance);
    }

    /// <summary>With respect to times the derivative is the exact flow's, so only y₀ and the parameters have exact differences.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Fixed_steps_against_central_differences(string method, string adjoint)
    {
        if (adjoint == "backsolve")
            return;
        Weighted loss = Fixed(method, adjoint);
        Close.Normwise(
            Weighted.Flat(loss.Differenced()[..2].Select(part => Tensor.Of(part))),
            Weighted.Flat(loss.Gradient(loss.Point))[..WithoutTimes],
            1e-9
        );
    }

    /// <summary>Adaptive steps at a tight tolerance: times included. Bosh3's order asks for a wider one.</summary>
    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Adaptive_steps_against_central_differences(string method)
    {
        double rtol = method == "bosh3" ? 1e-8 : 1e-10;
        foreach (Adjoint adjoint in Methods.Adjoints.Values)
        {
            Weighted loss = new(
                Problems.At(Methods.All[method].Tableau, rtol) with
                {
                    Adjoint = adjoint,
                },
                Weighted.Spread
            );
            Close.Normwise(
                [.. loss.Differenced().SelectMany(part => part)],
                Weighted.Flat(loss.Gradient(loss.Point)),
                1e4 * rtol
            );
        }
    }

    /// <summary>H·v by every pair of modes is the same number for adjoints that differentiate the steps.</summary>
    [Theory]
    [MemberData(nameof(Exact))]
    public void Second_derivatives_commute_exactly(string adjoint)
    {
        foreach (string method in (string[])["rk4", "bosh3", "dopri5", "dopri8"])
        foreach (Weighted loss in (Weighted[])[Fixed(method, adjoint), Adapted(method, adjoint)])
            SecondOrder(loss, 1e-10);
    }

    /// <summary>The continuous adjoint is symmetric only to the tolerance it is solved with.</summary>
    [Fact]
    public void Second_derivatives_of_backsolve_commute_to_the_tolerance() =>
        SecondOrder(Adapted("dopri5", "backsolve"), 1e-6);

    [Theory]
    [MemberData(nameof(Exact))]
    public void Second_derivatives_are_differences_of_first_ones(string adjoint)
    {
        Weighted loss = Fixed("dopri5", adjoint) with { Times = Weighted.Spread };
        Tensor[] v = [.. loss.Direction[..2], Tensor.ZerosLike(loss.Point[2])];
        double[] expected = Differences.Along(
            x => Weighted.Flat(loss.Gradient(Array.ConvertAll(x, one => Tensor.Of(one))))[..WithoutTimes],
            Array.ConvertAll(loss.Point, one => one.ToArray()),
            Array.ConvertAll(v, one => one.ToArray())
        );
        double[] actual = Weighted.Flat(Differentiation.Jvp(loss.Gradient, loss.Point, v).Tangent)[..WithoutTimes];
        Close.Normwise(expected, actual, 1e-8);
    }

    public static TheoryData<string, double[]> Grids
    {
        get
        {
            var data = new TheoryData<string, double[]>();
            foreach (string adjoint in Methods.Adjoints.Keys)
            {
                data.Add(adjoint, [.. Enumerable.Range(0, 60).Select(i => i / 40.0)]);
                data.Add(adjoint, [1.0, 0.61, 0.3, -0.2]);
                data.Add(adjoint, [0.4]);
                data.Add(adjoint, [0.0, 1.0]);
                data.Add(adjoint, [1.0, 0.0]);
            }
            return data;
        }
    }

    /// <summary>Many outputs inside few steps, descending times, one time, two.</summary>
    [Theory]
    [MemberData(nameof(Grids))]
    public void Any_output_times(string adjoint, double[] times)
    {
        foreach (string method in (string[])["dopri5", "dopri8"])
        {
            Weighted loss = new(
                Problems.At(Methods.All[method].Tableau, 1e-9) with
                {
                    Adjoint = Methods.Adjoints[adjoint],
                },
                times
            );
            double[] reverse = Weighted.Flat(loss.Gradient(loss.Point));
            Close.Normwise(loss.ForwardGradient(), reverse, adjoint == "backsolve" ? 1e-6 : 1e-12);
            Close.Normwise([.. loss.Differenced().SelectMany(part => part)], reverse, 1e-6);
        }
    }

    /// <summary>Third order, once: nothing in the rules stops at the second.</summary>
    [Fact]
    public void Third_derivatives_nest()
    {
        const double Known = -0.20051768744560746747;
        Func<Tensor, Tensor> end = z =>
            Implicit.Ode.Integrate(
                (t, y) => -z * y,
                Tensor.Of(0.0, 1.0),
                Tensor.Scalar(2.0),
                Problems.At(Tableau.Dopri8, 1e-11)
            )[1];
        Func<Tensor, Tensor> second = z => Differentiation.Grad(u => Differentiation.Grad(end, u), z);
        Close.Elementwise([Known], [(double)Differentiation.Grad(second, Tensor.Scalar(2.3))], 1e-9);
    }

    private static void SecondOrder(Weighted loss, double tolerance)
    {
        (Tensor[] x, Tensor[] v) = (loss.Point, loss.Direction);
        double[] reverseOverReverse = Weighted.Flat(
            Differentiation.Grad<Tensor[], Tensor>(at => Probe.Inner(loss.Gradient(at), v), x)
        );
        double[] forwardOverReverse = Weighted.Flat(Differentiation.Jvp(loss.Gradient, x, v).Tangent);
        double[] reverseOverForward = Weighted.Flat(Differentiation.Grad<Tensor[], Tensor>(at => loss.Along(at, v), x));
        Assert.Contains(reverseOverReverse, h => Math.Abs(h) > 1e-3);
        Close.Normwise(reverseOverReverse, forwardOverReverse, tolerance);
        Close.Normwise(reverseOverReverse, reverseOverForward, tolerance);
    }

    private static Weighted Fixed(string method, string adjoint) =>
        new(
            new OdeOptions
            {
                Method = Methods.All[method].Tableau,
                Steps = new StepControl.Fixed(FixedSize),
                Adjoint = Methods.Adjoints[adjoint],
            },
            Weighted.Spread
        );

    private static Weighted Adapted(string method, string adjoint) =>
        new(
            Problems.At(Methods.All[method].Tableau, method == "bosh3" ? 1e-5 : 1e-8) with
            {
                Steps = Methods.All[method].Tableau.HasErrorEstimate ? StepControl.PI : StepControl.Automatic,
                Adjoint = Methods.Adjoints[adjoint],
            },
            Weighted.Spread
        );
}
