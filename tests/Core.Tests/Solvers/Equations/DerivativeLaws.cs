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

    /// <summary>As many steps are differentiated as were taken: the limit is nothing but a limit, and Picard's steps are a loop over f.</summary>
    [Theory]
    [InlineData("picard")]
    [InlineData("anderson")]
    [InlineData("anderson, period 1")]
    [InlineData("anderson, period 3")]
    [InlineData("anderson, period 6")]
    [InlineData("newton")]
    public void Unrolled_steps_are_those_that_were_taken(string method)
    {
        Tensor matrix = EquationCases.Matrix(EquationCases.Weights);
        Tensor[] at = [Tensor.Of(EquationCases.Bias), Tensor.Of([0.3, 0.1, -0.2])];
        EquationOptions Options(int limit) =>
            new()
            {
                Method = EquationCases.Methods[method],
                RelativeTolerance = 1e-4,
                MaxSteps = limit,
                Derivative = new ImplicitDerivative.Unrolled(),
            };
        Tensor Loss(Tensor[] p, int limit) =>
            Tensor.Sum(Tensor.Exp(FixedPoint.Find(z => EquationCases.Layer(matrix, p[0], z), p[1], Options(limit))));
        int steps = FixedPoint.Solve(z => EquationCases.Layer(matrix, at[0], z), at[1], Options(100)).Steps;
        Tensor[] gradient = Differentiation.Grad(p => Loss(p, steps), at);
        Tensor[] limited = Differentiation.Grad(p => Loss(p, 100_000_000), at);
        for (int i = 0; i < at.Length; i++)
            Assert.Equal(gradient[i].ToArray(), limited[i].ToArray());
        if (method != "picard")
            return;
        Tensor[] loop = Differentiation.Grad(
            p =>
                Tensor.Sum(
                    Tensor.Exp(
                        Enumerable.Range(0, steps).Aggregate(p[1], (z, _) => EquationCases.Layer(matrix, p[0], z))
                    )
                ),
            at
        );
        for (int i = 0; i < at.Length; i++)
            Close.Normwise(loop[i].ToArray(), gradient[i].ToArray(), 1e-14);
    }

    [Fact]
    public void What_has_no_steps_to_differentiate_says_so()
    {
        var options = new ImplicitDerivative.Unrolled();
        Tensor start = Tensor.Ones([1]);
        TensorException custom = Assert.Throws<TensorException>(() =>
            Root.Custom(
                (a, z) => Tensor.Sqrt(a),
                (a, z) => (z * z) - a,
                start,
                start,
                new EquationOptions { Derivative = options }
            )
        );
        Assert.StartsWith(
            "[customRoot] the derivative must be one of the equation's",
            custom.Message,
            StringComparison.Ordinal
        );
        TensorException descent = Assert.Throws<TensorException>(() =>
            Minimise.Argmin(x => Tensor.Sumsq(x - 1.0), start, new MinimiseOptions { Derivative = options })
        );
        Assert.Contains("searched for by comparing numbers", descent.Message, StringComparison.Ordinal);
        Assert.Throws<TensorException>(() =>
            LeastSquares.Fit(x => x - 1.0, start, new LeastSquaresOptions { Derivative = options })
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
