using Implicit.Tests.Laws;
using Implicit.Transforms;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// A scalar of a whole solution, as a function of all that a solution depends on: the initial state, captured parameters, the times. The field
/// is not autonomous and smooth; the outputs lie inside steps and at their ends.
/// </summary>
/// <param name="Options">How to solve.</param>
/// <param name="Times">The output times.</param>
internal sealed record Weighted(OdeOptions Options, double[] Times)
{
    public static readonly double[] Spread = [0.0, 0.13, 0.5, 0.77, 1.0];

    private static readonly double[] Y0 = [0.7, -0.4];
    private static readonly double[] P = [0.9, 1.3, 0.6];

    public Tensor[] Point => [Tensor.Of(Y0), Tensor.Of(P), Tensor.Of(Times)];

    /// <summary>A direction in the space of points.</summary>
    public Tensor[] Direction =>
        [Tensor.Of(0.3, -0.8), Tensor.Of(-0.5, 0.2, 0.7), Tensor.Of([.. Times.Select((_, i) => 0.4 - (0.15 * i))])];

    public static Tensor Field(Tensor p, Tensor t, Tensor y) =>
        Tensor.Stack([(p[0] * Tensor.Sin(y[1])) + (t * p[1]), (-p[2] * y[0] * Tensor.Cos(t)) + (0.2 * y[1] * y[0])]);

    /// <summary>Σ w·y² over all output times, with weights that no symmetry makes vanish.</summary>
    public Tensor Loss(Tensor[] x)
    {
        Tensor y = Implicit.Ode.Integrate((t, y) => Field(x[1], t, y), x[2], x[0], Options);
        Tensor weights = Tensor.Sin(1.0 + (0.7 * Tensor.Reshape(Tensor.Arange(0.0, y.Length), y.Shape)));
        return Tensor.Sum(weights * y * y);
    }

    public double Loss(double[][] x) => (double)Loss(Array.ConvertAll(x, one => Tensor.Of(one)));

    public Tensor[] Gradient(Tensor[] x) => Differentiation.Grad<Tensor[], Tensor>(Loss, x);

    /// <summary>The derivative along a direction by forward mode.</summary>
    public Tensor Along(Tensor[] x, Tensor[] v) => Differentiation.Jvp<Tensor[], Tensor>(Loss, x, v).Tangent;

    /// <summary>The gradient element by element in forward mode.</summary>
    public double[] ForwardGradient()
    {
        var all = new List<double>();
        for (int leaf = 0; leaf < 3; leaf++)
        for (int i = 0; i < Point[leaf].Length; i++)
        {
            Tensor[] unit = Array.ConvertAll(Point, Tensor.ZerosLike);
            double[] one = new double[Point[leaf].Length];
            one[i] = 1.0;
            unit[leaf] = Tensor.Of(one);
            all.Add((double)Along(Point, unit));
        }
        return [.. all];
    }

    /// <summary>The gradient by central differences.</summary>
    public double[][] Differenced() => Differences.Gradient(Loss, Array.ConvertAll(Point, one => one.ToArray()));

    public static double[] Flat(IEnumerable<Tensor> tensors) => [.. tensors.SelectMany(one => one.ToArray())];
}
