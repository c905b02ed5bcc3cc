using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Every method with every derivative, in both modes and to second order, against differences of values.</summary>
public sealed class DerivativeLaws
{
    private static readonly double[][] Point = [EquationCases.Weights, EquationCases.Bias];
    private static readonly double[][] Direction =
    [
        [.. EquationCases.Weights.Select((_, i) => Math.Cos(i + 1.0))],
        [0.4, -0.7, 0.2],
    ];

    public static MatrixTheoryData<string, string> Cases =>
        new(EquationCases.Methods.Keys, EquationCases.Derivatives.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_modes_are_the_difference(string method, string derivative)
    {
        Func<Tensor[], Tensor> loss = Loss(method, derivative);
        double[][] expected = Differences.Gradient(p => loss(Tensors(p)).ToDouble(), Point);
        Tensor[] gradient = Differentiation.Grad(loss, Tensors(Point));
        for (int i = 0; i < expected.Length; i++)
            Close.Normwise(expected[i], gradient[i].ToArray(), 1e-7);
        double along = expected.Zip(Direction, (g, v) => g.Zip(v, (a, b) => a * b).Sum()).Sum();
        double tangent = Differentiation.Jvp(loss, Tensors(Point), Tensors(Direction)).Tangent.ToDouble();
        Assert.Equal(along, tangent, 1e-7);
    }

    /// <summary>Forward over reverse and reverse over reverse, against the difference of the gradient.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Second_order_is_the_difference_of_the_first(string method, string derivative)
    {
        Func<Tensor[], Tensor> loss = Loss(method, derivative);
        double[] expected = Differences.Along(p => Flat(Gradient(Tensors(p))), Point, Direction);
        Tensor[] forward = Differentiation.Jvp(Gradient, Tensors(Point), Tensors(Direction)).Tangent;
        Tensor[] reverse = Differentiation.Grad(
            p => Gradient(p).Zip(Tensors(Direction), (g, v) => Tensor.Sum(g * v)).Aggregate((a, b) => a + b),
            Tensors(Point)
        );
        Close.Normwise(expected, Flat(forward), 1e-6);
        Close.Normwise(expected, Flat(reverse), 1e-6);

        Tensor[] Gradient(Tensor[] p) => Differentiation.Grad(loss, p);
    }

    /// <summary>The root of a system that is no fixed-point form of a contraction.</summary>
    [Theory]
    [InlineData("newton")]
    [InlineData("newton, gmres")]
    [InlineData("broyden")]
    public void Roots_too(string method)
    {
        double[][] at =
        [
            [11.0, 7.0],
        ];
        double[][] direction =
        [
            [0.3, -0.8],
        ];
        Tensor Loss(Tensor[] p) =>
            Tensor.Sum(
                Tensor.Sin(SystemReferenceTests.Himmelblau(p[0], Tensor.Of([2.9, 2.1]), EquationCases.Methods[method]))
            );
        double[] expected = Differences.Gradient(p => Loss(Tensors(p)).ToDouble(), at)[0];
        Close.Normwise(expected, Differentiation.Grad(Loss, Tensors(at))[0].ToArray(), 1e-8);
        Close.Normwise(
            Differences.Along(p => Flat(Differentiation.Grad(Loss, Tensors(p))), at, direction),
            Flat(Jacobians.Hvp(Loss, Tensors(at), Tensors(direction))),
            1e-7
        );
    }

    [Fact]
    public void Only_unrolled_steps_depend_on_the_start()
    {
        Tensor[] at = [Tensor.Of(EquationCases.Bias), Tensor.Of([0.3, 0.1, -0.2])];
        foreach ((string name, ImplicitDerivative derivative) in EquationCases.Derivatives)
        {
            // Few steps at a loose tolerance: the end still shows where it came from.
            var options = new EquationOptions
            {
                Method = new Picard(),
                RelativeTolerance = 1e-2,
                Derivative = derivative,
            };
            Tensor Loss(Tensor[] p) =>
                Tensor.Sum(
                    FixedPoint.Find(
                        z => EquationCases.Layer(EquationCases.Matrix(EquationCases.Weights), p[0], z),
                        p[1],
                        options
                    )
                );
            double[] start = Differentiation.Grad(Loss, at)[1].ToArray();
            if (derivative is ImplicitDerivative.Unrolled)
                Close.Normwise(
                    Differences.Gradient(p => Loss(Tensors(p)).ToDouble(), [EquationCases.Bias, at[1].ToArray()])[1],
                    start,
                    1e-8
                );
            else
                Assert.All(start, element => Assert.Equal(0.0, element));
        }
    }

    private static Func<Tensor[], Tensor> Loss(string method, string derivative)
    {
        var options = new EquationOptions
        {
            Method = EquationCases.Methods[method],
            RelativeTolerance = 1e-13,
            AbsoluteTolerance = 1e-14,
            MaxSteps = 100,
            Derivative = EquationCases.Derivatives[derivative],
        };
        return p => Tensor.Sum(Tensor.Exp(EquationCases.Equilibrium(Tensor.Reshape(p[0], [3, 3]), p[1], options)));
    }

    private static Tensor[] Tensors(double[][] values) => Array.ConvertAll(values, value => Tensor.Of(value));

    private static double[] Flat(Tensor[] tensors) => [.. tensors.SelectMany(tensor => tensor.ToArray())];
}
