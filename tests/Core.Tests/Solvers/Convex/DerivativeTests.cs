using FsCheck;
using FsCheck.Fluent;
using Implicit.Testing;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static System.StringComparison;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>Derivatives of x and all multipliers with respect to all data, where the solution is differentiable.</summary>
public sealed class DerivativeTests
{
    /// <summary>Far enough from a change of the active set for differences.</summary>
    private const double Margin = 0.03;

    /// <summary>Small ones run side by side in lanes, large ones by blocked algorithms.</summary>
    public static TheoryData<string> Cases =>
        ["equalities", "inequalities", "bounds", "all", "linear", "fixed", "large"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_differences(string name)
    {
        QuadraticProgram qp = Problem(name);
        double[][] data = Elements(qp);
        double[][] gradient = Elements(Gradient(qp, Data(qp)));
        var random = new Random(3);
        for (int trial = 0; trial < 3; trial++)
        {
            double[][] direction = Along(data, random);
            double expected = Differences.Along(x => [Loss(qp, Like(qp, x)).ToDouble()], data, direction)[0];
            Close.Elementwise([expected], [Inner(gradient, direction)], 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_mode_agrees_with_reverse(string name)
    {
        QuadraticProgram qp = Problem(name);
        double[][] direction = Along(Elements(qp), new Random(4));
        double tangent = Differentiation
            .Jvp<Tensor[], Tensor>(x => Loss(qp, x), Data(qp), Like(qp, direction))
            .Tangent.ToDouble();
        Close.Elementwise([Inner(Elements(Gradient(qp, Data(qp))), direction)], [tangent], 1e-11);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Second_order_is_that_of_differences_in_all_modes(string name)
    {
        QuadraticProgram qp = Problem(name);
        var random = new Random(5);
        double[][] data = Elements(qp);
        double[][] u = Along(data, random);
        double[][] v = Along(data, random);
        double expected = Differences.Along(x => [Inner(Elements(Gradient(qp, Like(qp, x))), u)], data, v)[0];
        Func<Tensor[], Tensor> slope = x => Probe.Inner(Gradient(qp, x), Like(qp, u));
        Func<Tensor[], Tensor> push = x =>
            Differentiation.Jvp<Tensor[], Tensor>(y => Loss(qp, y), x, Like(qp, u)).Tangent;
        double[] found =
        [
            Inner(Elements(Differentiation.Grad(slope, Data(qp))), v),
            Differentiation.Jvp(slope, Data(qp), Like(qp, v)).Tangent.ToDouble(),
            Inner(Elements(Differentiation.Grad(push, Data(qp))), v),
            Differentiation.Jvp(push, Data(qp), Like(qp, v)).Tangent.ToDouble(),
        ];
        Assert.All(found, one => Close.Elementwise([expected], [one], 2e-7));
    }

    /// <summary>
    /// Wherever the program says that its derivative is unique, no constraint is near to changing sides, and differences are a measure. Where too few
    /// programs are left, the property fails.
    /// </summary>
    [Property(typeof(SmoothQps), MaxTest = 60)]
    public Property Derivatives_of_random_programs_are_those_of_differences(RandomQp random)
    {
        QuadraticProgram qp = random.Make();
        double[][]? gradient =
            Argmin.SolveQp(qp).Margins[0] > 2.0 * Margin && IsMeasured(qp, random) ? SlopeIfUnique(qp) : null;
        return Prop.When(gradient is not null, () => AgreeWithDifferences(qp, random, gradient!));
    }

    /// <summary>Whether differences say the same with a direction and with half of it: they do not where the loss is steep.</summary>
    private static bool IsMeasured(QuadraticProgram qp, RandomQp random)
    {
        double[][] data = Elements(qp);
        double[][] direction = Direction(qp, random);
        double[][] half = Array.ConvertAll(direction, part => Array.ConvertAll(part, element => 0.5 * element));
        double whole = Slope(direction);
        return Math.Abs(whole - (2.0 * Slope(half))) <= 1e-7 * Math.Max(1.0, Math.Abs(whole));

        double Slope(double[][] along) => Differences.Along(x => [Loss(qp, Like(qp, x)).ToDouble()], data, along)[0];
    }

    /// <summary>Programs that are too large for lanes: a record holds the regularised factor of those in a box, and the range space of the others.</summary>
    [Theory]
    [InlineData(70, 5, 8, true)]
    [InlineData(70, 5, 8, false)]
    [InlineData(80, 0, 16, true)]
    [InlineData(80, 0, 16, false)]
    public void Derivatives_of_large_programs_are_those_of_differences(int n, int p, int m, bool isBoxed)
    {
        RandomQp random = Enumerable
            .Range(0, 100)
            .Select(seed => new RandomQp(seed, Nature.Curved, n, p, m))
            .First(candidate => Argmin.SolveQp(candidate.Make()).Margins[0] > 2.0 * Margin);
        QuadraticProgram qp = random.Make();
        if (isBoxed)
            qp = qp with { Lower = Tensor.Full([n], -9.0), Upper = Tensor.Full([n], 9.0) };
        AgreeWithDifferences(qp, random, Assert.IsType<double[][]>(SlopeIfUnique(qp)));
    }

    private static void AgreeWithDifferences(QuadraticProgram qp, RandomQp random, double[][] gradient)
    {
        double[][] data = Elements(qp);
        double[][] direction = Direction(qp, random);
        double[][] other = Along(data, new Random(random.Seed + 1));
        double[] slope = Differences.Along(x => [Loss(qp, Like(qp, x)).ToDouble()], data, direction);
        Close.Elementwise(slope, [Inner(gradient, direction)], 1e-6);
        double tangent = Differentiation
            .Jvp<Tensor[], Tensor>(x => Loss(qp, x), Data(qp), Like(qp, direction))
            .Tangent.ToDouble();
        Close.Elementwise([Inner(gradient, direction)], [tangent], 1e-9);
        double[] curvature = Differences.Along(
            x => [Inner(Elements(Gradient(qp, Like(qp, x))), other)],
            data,
            direction
        );
        Tensor[] second = Differentiation.Grad<Tensor[], Tensor>(
            x => Probe.Inner(Gradient(qp, x), Like(qp, other)),
            Data(qp)
        );
        Close.Elementwise(curvature, [Inner(Elements(second), direction)], 1e-5);
    }

    /// <summary>The direction in which the data of a random program move.</summary>
    private static double[][] Direction(QuadraticProgram qp, RandomQp random)
    {
        double[][] direction = Along(Elements(qp), new Random(random.Seed));
        // A singular P is no longer positive semidefinite beside where it is.
        if (random.Nature is Nature.Flat && qp.P is not null)
            direction[1] = new double[direction[1].Length];
        return direction;
    }

    /// <summary>Large programs read their data where they are.</summary>
    [Theory]
    [InlineData(6)]
    [InlineData(70)]
    public void A_matrix_counts_as_its_symmetric_part(int n)
    {
        QuadraticProgram qp = new RandomQp(1, Nature.Curved, n, 2, n).Make();
        Tensor skew = Tensor.Reshape(Tensor.Sin(Tensor.Cast(Tensor.Arange(n * n), DType.Float64)), [n, n]);
        Tensor[] symmetric = Gradient(qp, Data(qp));
        Tensor[] other = Gradient(qp, Data(qp with { P = qp.P! + (skew - skew.T) }));
        for (int i = 0; i < symmetric.Length; i++)
            Close.Normwise(symmetric[i].ToArray(), other[i].ToArray(), 1e-10);
    }

    [Fact]
    public void A_large_program_of_float32_is_differentiated_in_float64()
    {
        QuadraticProgram qp = new RandomQp(2, Nature.Curved, 70, 2, 20).Make();
        Tensor[] single = [.. Data(qp).Select(x => Tensor.Cast(x, DType.Float32))];
        Tensor[] rounded = [.. single.Select(x => Tensor.Cast(x, DType.Float64))];
        Tensor[] gradient = Differentiation.Grad<Tensor[], Tensor>(x => Tensor.Sum(Argmin.Qp(With(qp, x))), single);
        Tensor[] expected = Differentiation.Grad<Tensor[], Tensor>(x => Tensor.Sum(Argmin.Qp(With(qp, x))), rounded);
        for (int i = 0; i < gradient.Length; i++)
            Close.Normwise(expected[i].ToArray(), gradient[i].ToArray(), 1e-6);
    }

    /// <summary>The objective's derivative needs no solve (the envelope theorem); that it comes out of the solve tests it as a whole.</summary>
    [Fact]
    public void The_optimal_value_has_the_multipliers_as_derivative()
    {
        QuadraticProgram qp = Problem("all");
        QpSolution solution = Argmin.SolveQp(qp);
        QuadraticProgram gradient = With(
            qp,
            Differentiation.Grad<Tensor[], Tensor>(x => Argmin.SolveQp(With(qp, x)).Objective, Data(qp))
        );
        Close.Normwise(solution.X.ToArray(), gradient.Q.ToArray(), 1e-11);
        Close.Normwise((-solution.Y).ToArray(), gradient.B!.ToArray(), 1e-11);
        Close.Normwise((-solution.Z).ToArray(), gradient.H!.ToArray(), 1e-11);
        Close.Normwise(solution.ZLower.ToArray(), gradient.Lower!.ToArray(), 1e-11);
        Close.Normwise((-solution.ZUpper).ToArray(), gradient.Upper!.ToArray(), 1e-11);
        Close.Normwise((0.5 * Tensor.Outer(solution.X, solution.X)).ToArray(), gradient.P!.ToArray(), 1e-11);
    }

    [Fact]
    public void A_program_of_float32_is_solved_in_float64()
    {
        Tensor[] single = [.. Data(Hs76).Select(x => Tensor.Cast(x, DType.Float32))];
        Tensor x = Argmin.Qp(With(Hs76, single));
        Assert.Equal(DType.Float32, x.DType);
        Close.Elementwise([3.0 / 11, 23.0 / 11, 0.0, 6.0 / 11], x.ToArray(), 2e-7);
        Tensor[] gradient = Differentiation.Grad<Tensor[], Tensor>(y => Tensor.Sum(Argmin.Qp(With(Hs76, y))), single);
        Assert.All(gradient, g => Assert.Equal(DType.Float32, g.DType));
        Close.Elementwise([-2.0 / 11, 3.0 / 11, 0.0, -4.0 / 11], gradient[0].ToArray(), 1e-6);
    }

    /// <summary>The gradient; null where the program says that it is not unique.</summary>
    private static double[][]? SlopeIfUnique(QuadraticProgram qp)
    {
        try
        {
            return Elements(Differentiation.Grad<Tensor[], Tensor>(x => Loss(qp, x, Degeneracy.Strict), Data(qp)));
        }
        catch (SolveException error) when (error.Message.StartsWith("[qp] the derivative is not unique", Ordinal))
        {
            return null;
        }
    }

    /// <summary>A weighted sum of x, all multipliers, the slack and the objective.</summary>
    private static Tensor Loss(QuadraticProgram qp, Tensor[] data, Degeneracy degeneracy = Degeneracy.MinNorm)
    {
        QpSolution solution = Argmin.SolveQp(With(qp, data), new QpOptions { Degeneracy = degeneracy });
        Tensor[] parts = [solution.X, solution.Y, solution.Z, solution.ZLower, solution.ZUpper, solution.Slack];
        Tensor sum = 0.3 * solution.Objective;
        double weight = 1.0;
        foreach (Tensor part in parts)
        {
            // Curved, so that second derivatives have all their terms.
            Tensor weights = weight + (0.1 * Tensor.Cast(Tensor.Arange(part.Length), part.DType));
            sum += Tensor.Sum(weights * part) + (0.1 * Tensor.Sumsq(part));
            weight = -0.7 * weight;
        }
        return sum;
    }

    private static Tensor[] Gradient(QuadraticProgram qp, Tensor[] data) =>
        Differentiation.Grad<Tensor[], Tensor>(x => Loss(qp, x), data);

    /// <summary>The first random problem of its kind without a nearly active constraint.</summary>
    private static QuadraticProgram Problem(string name)
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            QuadraticProgram qp = Draw(name, seed);
            QpSolution solution = Argmin.SolveQp(qp);
            if (solution.IsSuccess && solution.Margins[0] > Margin && IsActive(qp, solution))
                return qp;
        }
        throw new InvalidOperationException($"No {name} problem.");
    }

    private static bool IsActive(QuadraticProgram qp, QpSolution solution) =>
        (qp.G is null || solution.Z.ToArray().Any(z => z > 0.0))
        && (qp.Lower is null || solution.ZLower.ToArray().Concat(solution.ZUpper.ToArray()).Any(z => z > 0.0));

    private static QuadraticProgram Draw(string name, int seed)
    {
        QuadraticProgram all = new RandomQp(seed, Nature.Curved, 4, 1, 3).Make() with
        {
            Lower = Tensor.Full([4], -0.4),
            Upper = Tensor.Full([4], 0.5),
        };
        return name switch
        {
            "equalities" => all with { G = null, H = null, Lower = null, Upper = null },
            "inequalities" => all with { A = null, B = null, Lower = null, Upper = null },
            "bounds" => all with { A = null, B = null, G = null, H = null },
            "linear" => new RandomQp(seed, Nature.Flat, 3, 1, 2).Make() with { P = null },
            "fixed" => all with { Lower = Tensor.Of(-0.4, 0.1, -0.4, -0.4), Upper = Tensor.Of(0.5, 0.1, 0.5, 0.5) },
            "large" => new RandomQp(seed, Nature.Curved, 66, 2, 4).Make(),
            _ => all,
        };
    }

    private static Tensor[] Like(QuadraticProgram qp, double[][] elements) =>
        [.. Data(qp).Select((datum, i) => Tensor.Of(elements[i], datum.Shape))];

    private static double[][] Elements(QuadraticProgram qp) => Elements(Data(qp));

    private static double[][] Elements(Tensor[] tensors) => Array.ConvertAll(tensors, x => x.ToArray());

    /// <summary>A direction in which data move; both bounds of a variable move alike, so that a fixed one stays fixed.</summary>
    private static double[][] Along(double[][] data, Random random)
    {
        double[][] direction = Array.ConvertAll(
            data,
            x => Array.ConvertAll(x, _ => 0.2 * ((2.0 * random.NextDouble()) - 1.0))
        );
        if (direction.Length > 1 && direction[^1].Length == direction[^2].Length)
            direction[^1] = [.. direction[^2]];
        return direction;
    }

    private static double Inner(double[][] a, double[][] b) =>
        a.Zip(b, (x, y) => x.Zip(y, (s, t) => s * t).Sum()).Sum();
}
