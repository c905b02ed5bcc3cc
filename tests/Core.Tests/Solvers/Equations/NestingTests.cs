using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Implicit layers inside implicit layers, differentiated twice.</summary>
public sealed class NestingTests
{
    private static readonly EquationOptions Tight = new() { RelativeTolerance = 1e-13, AbsoluteTolerance = 1e-14 };
    private static readonly double[][] Point =
    [
        [0.4, -0.3],
        [0.7],
    ];
    private static readonly double[][] Direction =
    [
        [0.6, 0.5],
        [-0.8],
    ];

    /// <summary>A periodic forcing's orbit: z is where the flow over one period, contracted, ends where it began.</summary>
    [Fact]
    public void A_flow_inside_a_fixed_point() =>
        Check(p =>
        {
            var times = Tensor.Of([0.0, 0.5]);
            var options = new OdeOptions { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-12 };
            Tensor Field(Tensor t, Tensor y) => (p[0] * Tensor.Cos(t)) - (p[1] * Tensor.Sin(y));
            return FixedPoint.Find(z => 0.7 * Functions.Odeint(Field, times, z, options)[1], Tensor.Zeros([2]), Tight);
        });

    /// <summary>A differential–algebraic system: the field contains the solution of an equation.</summary>
    [Fact]
    public void A_fixed_point_inside_a_vector_field() =>
        Check(p =>
        {
            Tensor Field(Tensor t, Tensor y) =>
                FixedPoint.Find(z => 0.5 * Tensor.Tanh((p[1] * z) + y + p[0]), Tensor.Zeros([2]), Tight) - y;
            // Equal steps: what is differentiated is smooth.
            var options = new OdeOptions { Method = Tableau.Rk4, Steps = new StepControl.Fixed(0.1) };
            return Functions.Odeint(Field, Tensor.Of([0.0, 0.4]), Tensor.Of([0.2, -0.1]), options)[1];
        });

    [Fact]
    public void A_root_inside_a_fixed_point() =>
        Check(p =>
            FixedPoint.Find(
                z =>
                    Root.Find(y => y + (0.3 * y * y * y) - (0.4 * Tensor.Cos(z)) - p[0], Tensor.Zeros([2]), Tight)
                    * p[1],
                Tensor.Zeros([2]),
                Tight
            )
        );

    private static void Check(Func<Tensor[], Tensor> layer)
    {
        Tensor Loss(Tensor[] p) => Tensor.Sum(Tensor.Exp(layer(p)));
        Tensor[] Gradient(Tensor[] p) => Differentiation.Grad(Loss, p);
        double[][] expected = Differences.Gradient(p => Loss(Tensors(p)).ToDouble(), Point);
        Tensor[] gradient = Gradient(Tensors(Point));
        for (int i = 0; i < expected.Length; i++)
            Close.Normwise(expected[i], gradient[i].ToArray(), 1e-7);
        double along = expected.Zip(Direction, (g, v) => g.Zip(v, (a, b) => a * b).Sum()).Sum();
        Assert.Equal(along, Differentiation.Jvp(Loss, Tensors(Point), Tensors(Direction)).Tangent.ToDouble(), 1e-7);
        double[] second = Differences.Along(p => Flat(Gradient(Tensors(p))), Point, Direction);
        Close.Normwise(second, Flat(Jacobians.Hvp(Loss, Tensors(Point), Tensors(Direction))), 1e-6);
        Tensor[] reverse = Differentiation.Grad(
            p => Gradient(p).Zip(Tensors(Direction), (g, v) => Tensor.Sum(g * v)).Aggregate((a, b) => a + b),
            Tensors(Point)
        );
        Close.Normwise(second, Flat(reverse), 1e-6);
    }

    private static Tensor[] Tensors(double[][] values) => Array.ConvertAll(values, value => Tensor.Of(value));

    private static double[] Flat(Tensor[] tensors) => [.. tensors.SelectMany(tensor => tensor.ToArray())];
}
