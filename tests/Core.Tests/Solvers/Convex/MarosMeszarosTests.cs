using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>
/// A part of the test set of I. Maros and Cs. Mészáros (1999), "A repository of convex quadratic programming problems", in the form of qpbenchmark:
/// l ≤ A·x ≤ u, whose last n rows are the bounds. Read in place beside the repository; skipped where it is not there.
/// </summary>
public sealed class MarosMeszarosTests
{
    private const double Infinite = 1e19;

    private static readonly string Folder = Path.GetFullPath(Repository.At("../shared/data/maros-meszaros"));

    [Theory]
    [InlineData("TAME", 0.0)]
    [InlineData("ZECEVIC2", -4.125)]
    [InlineData("HS21", -99.96)]
    [InlineData("HS35", 0.11111111)]
    [InlineData("QPTEST", 4.371875)]
    [InlineData("HS76", -4.6818182)]
    [InlineData("GENHS28", 0.92717369)]
    [InlineData("LOTSCHD", 2398.4159)]
    [InlineData("QAFIRO", -1.5907818)]
    [InlineData("QSC205", -0.0058139518)]
    [InlineData("QRECIPE", -266.61600)]
    [InlineData("QSHARE2B", 11703.692)]
    [InlineData("QADLITTL", 480318.86)]
    [InlineData("CVXQP1_S", 11590.718)]
    [InlineData("CVXQP3_S", 11943.432)]
    [InlineData("QPCBLEND", -0.0078425409)]
    [InlineData("DUALC2", 3551.3077)]
    [InlineData("PRIMALC1", -6155.2508)]
    [InlineData("QSHARE1B", 720078.32)]
    [InlineData("QBRANDY", 28375.115)]
    [InlineData("DUAL4", 0.74609084)]
    [InlineData("GOULDQP2", 0.00018427534)]
    [InlineData("QBORE3D", 3100.2008)]
    public void Is_solved_to_the_published_optimum(string name, double published)
    {
        Assert.SkipUnless(Directory.Exists(Folder), $"{Folder} is not there.");
        Problem problem = Read(name);
        QpSolution solution = Argmin.SolveQp(
            problem.Program,
            new QpOptions { AbsoluteTolerance = 1e-6, RelativeTolerance = 0.0 }
        );
        Assert.True(solution.IsSuccess, solution.ToString());
        Assert.InRange(problem.Violation(solution.X.ToArray()), 0.0, 1e-6);
        Assert.InRange(solution.DualResiduals[0], 0.0, 1e-6);
        double objective = solution.Objective.ToDouble() + problem.Constant;
        Assert.InRange(Math.Abs(objective - published), 0.0, 1e-6 * Math.Max(1.0, Math.Abs(published)));
    }

    private static Problem Read(string name)
    {
        var file = MatFile.Read(Path.Combine(Folder, $"{name}.mat"));
        (int rows, int n, double[] a) = file["A"];
        double[] lower = file["l"].Elements;
        double[] upper = file["u"].Elements;
        int general = rows - n;
        var equalities = new List<(double[] Row, double Right)>();
        var inequalities = new List<(double[] Row, double Right)>();
        for (int i = 0; i < general; i++)
        {
            double[] row = a[(i * n)..((i + 1) * n)];
            if (lower[i] == upper[i])
                equalities.Add((row, upper[i]));
            else
            {
                if (upper[i] < Infinite)
                    inequalities.Add((row, upper[i]));
                if (lower[i] > -Infinite)
                    inequalities.Add((Array.ConvertAll(row, x => -x), -lower[i]));
            }
        }
        var program = new QuadraticProgram(Tensor.Of(file["q"].Elements))
        {
            P = Tensor.Of(file["P"].Elements, [n, n]),
            A = equalities.Count == 0 ? null : Rows(equalities, n),
            B = equalities.Count == 0 ? null : Right(equalities),
            G = inequalities.Count == 0 ? null : Rows(inequalities, n),
            H = inequalities.Count == 0 ? null : Right(inequalities),
            Lower = Tensor.Of(lower[general..]),
            Upper = Tensor.Of(upper[general..]),
        };
        return new Problem(program, file["r"].Elements[0], a, lower, upper);
    }

    private static Tensor Rows(List<(double[] Row, double Right)> rows, int n) =>
        Tensor.Of([.. rows.SelectMany(row => row.Row)], [rows.Count, n]);

    private static Tensor Right(List<(double[] Row, double Right)> rows) =>
        Tensor.Of([.. rows.Select(row => row.Right)]);

    private sealed record Problem(QuadraticProgram Program, double Constant, double[] A, double[] Lower, double[] Upper)
    {
        /// <summary>max of l − A·x and A·x − u.</summary>
        public double Violation(double[] x)
        {
            double worst = 0.0;
            for (int i = 0; i < Lower.Length; i++)
            {
                double row = 0.0;
                for (int j = 0; j < x.Length; j++)
                    row += A[(i * x.Length) + j] * x[j];
                worst = Math.Max(worst, Math.Max(Lower[i] - row, row - Upper[i]));
            }
            return worst;
        }
    }
}
