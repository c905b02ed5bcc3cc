using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>Whatever the program, the answer is right or says that it is none; never NaN.</summary>
public sealed class PropertyTests
{
    private const double Tolerance = 1e-6;

    [Property(typeof(RandomQps), MaxTest = 300)]
    public void An_answer_is_what_it_says(RandomQp random) => Judge(random);

    /// <summary>Those that do not run in lanes: some end with the first search for the active set, some after many steps, some never.</summary>
    [Theory]
    [InlineData(Nature.Curved)]
    [InlineData(Nature.Flat)]
    [InlineData(Nature.Redundant)]
    [InlineData(Nature.Scaled)]
    [InlineData(Nature.Degenerate)]
    [InlineData(Nature.Infeasible)]
    [InlineData(Nature.Unbounded)]
    public void So_is_that_to_a_large_program(Nature nature)
    {
        for (int seed = 0; seed < 4; seed++)
            Judge(new RandomQp(seed, nature, 65 + (3 * seed), 5 * seed, 30 * seed));
    }

    /// <summary>Where P is definite and there are no more inequalities than variables, the first search finds the active set.</summary>
    [Theory]
    [InlineData(10, 2, 10)]
    [InlineData(50, 10, 50)]
    [InlineData(70, 0, 70)]
    [InlineData(80, 10, 40)]
    public void A_strictly_convex_program_needs_no_step(int n, int p, int m)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            QpSolution solution = Judge(new RandomQp(seed, Nature.Curved, n, p, m));
            Assert.Equal([0], solution.Iterations);
            Assert.Contains(solution.Z.ToArray(), z => z > 0.0);
        }
    }

    /// <summary>Where constraints repeat, those of a set depend on each other.</summary>
    [Fact]
    public void Nor_does_one_with_constraints_twice()
    {
        QuadraticProgram once = new RandomQp(0, Nature.Curved, 70, 0, 35).Make();
        QuadraticProgram qp = once with
        {
            G = Tensor.Concat([once.G!, once.G!]),
            H = Tensor.Concat([once.H!, once.H!]),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.Equal([0], solution.Iterations);
        Assert.Contains(solution.Z.ToArray(), z => z > 0.0);
        Optimal(qp, solution, $"{solution}");
    }

    private static QpSolution Judge(RandomQp random)
    {
        QuadraticProgram qp = random.Make();
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.All(All(solution), number => Assert.True(double.IsFinite(number), $"{random}: {number}"));
        string text = $"{random}: {solution}";
        switch (solution.Statuses[0])
        {
            case QpStatus.Solved:
                Assert.True(random.Nature is not (Nature.Infeasible or Nature.Unbounded), text);
                Optimal(qp, solution, text);
                break;
            case QpStatus.PrimalInfeasible:
                Assert.True(random.Nature is Nature.Infeasible, text);
                ProvesThatNothingIsFeasible(qp, solution, text);
                break;
            case QpStatus.DualInfeasible:
                Assert.True(random.Nature is Nature.Infeasible or Nature.Unbounded, text);
                ProvesThatNothingIsLeast(qp, solution, text);
                break;
            default:
                // An honest failure, where the data's sizes differ by 10¹² or more.
                Assert.True(random.Nature is Nature.Scaled, text);
                break;
        }
        return solution;
    }

    /// <summary>The conditions of Karush, Kuhn and Tucker, computed here.</summary>
    private static void Optimal(QuadraticProgram qp, QpSolution solution, string text)
    {
        double[] x = solution.X.ToArray();
        double[] gradient = Gradient(qp, solution, withCost: true);
        double[] sizes = TermSizes(qp, solution);
        for (int i = 0; i < x.Length; i++)
            Assert.True(Math.Abs(gradient[i]) <= 1e-7 + (1e-9 * sizes[i]), $"{text} gradient {gradient[i]}");
        double[] violated = Subtract(Times(qp.A, x), qp.B);
        Assert.All(violated, v => Assert.InRange(Math.Abs(v), 0.0, Tolerance * Size(qp.B)));
        Complementary(Subtract(Times(qp.G, x), qp.H), solution.Z.ToArray(), qp.H, text);
        if (qp.Lower is not null)
            Complementary(Subtract(qp.Lower.ToArray(), solution.X), solution.ZLower.ToArray(), qp.Lower, text);
        if (qp.Upper is not null)
            Complementary(Subtract(x, qp.Upper), solution.ZUpper.ToArray(), qp.Upper, text);
    }

    private static void Complementary(double[] violated, double[] multipliers, Tensor? right, string text)
    {
        for (int i = 0; i < violated.Length; i++)
        {
            Assert.True(violated[i] <= Tolerance * Size(right), $"{text} row {i} violated by {violated[i]}");
            Assert.True(multipliers[i] >= 0.0, $"{text} multiplier {multipliers[i]}");
            double product = Math.Abs(violated[i] * multipliers[i]);
            double allowed = Tolerance * Size(right) * Math.Max(1.0, multipliers[i]);
            Assert.True(product <= allowed, $"{text} row {i}: slack {-violated[i]}, multiplier {multipliers[i]}");
        }
    }

    private static void ProvesThatNothingIsFeasible(QuadraticProgram qp, QpSolution proof, string text)
    {
        Assert.All(Gradient(qp, proof, withCost: false), g => Assert.True(Math.Abs(g) <= Tolerance, $"{text} {g}"));
        Assert.All(proof.Z.ToArray(), z => Assert.True(z >= 0.0, text));
        double value = Dot(qp.B, proof.Y) + Dot(qp.H, proof.Z);
        if (qp.Lower is not null)
            value += Dot(qp.Upper, proof.ZUpper) - Dot(qp.Lower, proof.ZLower);
        Assert.True(value < -0.9, $"{text} {value}");
    }

    private static void ProvesThatNothingIsLeast(QuadraticProgram qp, QpSolution proof, string text)
    {
        double[] d = proof.X.ToArray();
        Assert.True(Dot(qp.Q, proof.X) < -0.9, text);
        Assert.All(Times(qp.P, d), r => Assert.True(Math.Abs(r) <= Tolerance, $"{text} {r}"));
        Assert.All(Times(qp.A, d), r => Assert.True(Math.Abs(r) <= Tolerance, $"{text} {r}"));
        Assert.All(Times(qp.G, d), r => Assert.True(r <= Tolerance, $"{text} {r}"));
    }

    /// <summary>P·x + q + A'y + G'z − z_lower + z_upper, or its last four terms.</summary>
    private static double[] Gradient(QuadraticProgram qp, QpSolution solution, bool withCost)
    {
        double[] sum = withCost ? Add(Times(qp.P, solution.X.ToArray()), qp.Q.ToArray()) : new double[qp.Q.Length];
        sum = Add(sum, Times(qp.A?.T, solution.Y.ToArray()));
        sum = Add(sum, Times(qp.G?.T, solution.Z.ToArray()));
        if (qp.Lower is not null)
            sum = Add(sum, Array.ConvertAll(solution.ZLower.ToArray(), z => -z));
        return qp.Upper is null ? sum : Add(sum, solution.ZUpper.ToArray());
    }

    /// <summary>Σ of the sizes of the terms of each element of the gradient.</summary>
    private static double[] TermSizes(QuadraticProgram qp, QpSolution solution)
    {
        double[] sum = Sizes(qp.Q);
        sum = Add(sum, Times(Abs(qp.P), Sizes(solution.X)));
        sum = Add(sum, Times(Abs(qp.A)?.T, Sizes(solution.Y)));
        sum = Add(sum, Times(Abs(qp.G)?.T, Sizes(solution.Z)));
        return sum;
    }

    private static double[] Sizes(Tensor x) => Tensor.Abs(x).ToArray();

    private static Tensor? Abs(Tensor? x) => x is null ? null : Tensor.Abs(x);

    private static double[] Times(Tensor? matrix, double[] x)
    {
        if (matrix is null)
            return [];
        double[] elements = matrix.ToArray();
        return
        [
            .. Enumerable
                .Range(0, matrix.Shape[0])
                .Select(i => x.Select((xj, j) => elements[(i * x.Length) + j] * xj).Sum()),
        ];
    }

    private static double[] Add(double[] a, double[] b) =>
        a.Length == 0 ? b
        : b.Length == 0 ? a
        : [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Subtract(double[] a, Tensor? b) => b is null ? a : [.. a.Zip(b.ToArray(), (x, y) => x - y)];

    private static double Dot(Tensor? a, Tensor b) =>
        a is null ? 0.0 : a.ToArray().Zip(b.ToArray(), (x, y) => x * y).Sum();

    private static double Size(Tensor? right) =>
        right is null ? 1.0 : right.ToArray().Aggregate(1.0, (most, r) => Math.Max(most, Math.Abs(r)));

    private static IEnumerable<double> All(QpSolution solution) =>
        [
            .. solution.X.ToArray(),
            .. solution.Y.ToArray(),
            .. solution.Z.ToArray(),
            .. solution.ZLower.ToArray(),
            .. solution.ZUpper.ToArray(),
            solution.PrimalResiduals[0],
            solution.DualResiduals[0],
        ];
}
