using Implicit.Shapes;
using Implicit.Solvers.Convex;

namespace Implicit;

/// <summary>The full account of solved quadratic programs. All tensors have the batch axes of the data in front.</summary>
public sealed class QpSolution
{
    /// <summary>A margin below this counts as weakly active.</summary>
    internal const double WeaklyActive = 1e-7;

    private readonly QuadraticProgram program;
    private readonly QpSize size;
    private readonly QpOptions options;
    private readonly Tensor multipliers;
    private readonly Tensor report;

    internal QpSolution(QuadraticProgram program, QpSize size, QpOptions options, Tensor[] results)
    {
        (this.program, this.size, this.options) = (program, size, options);
        (X, Y, multipliers, report) = (results[0], results[1], results[2], results[3]);
    }

    /// <summary>x, […, n]. Of an item that is not solved: see <see cref="QpStatus"/>; zero where there is nothing to say.</summary>
    public Tensor X { get; }

    /// <summary>The multipliers of A·x = b, […, p].</summary>
    public Tensor Y { get; }

    /// <summary>The multipliers of G·x ≤ h, […, m], none negative.</summary>
    public Tensor Z => Tensor.Slice(multipliers, -1, 0, size.M);

    /// <summary>The multipliers of lower ≤ x, […, n], none negative; [..., 0] without lower bounds.</summary>
    public Tensor ZLower => Tensor.Slice(multipliers, -1, size.M, size.M + size.LowerRows);

    /// <summary>The multipliers of x ≤ upper, […, n], none negative; [..., 0] without upper bounds.</summary>
    public Tensor ZUpper => Tensor.Slice(multipliers, -1, size.M + size.LowerRows);

    /// <summary>h − G·x, […, m].</summary>
    public Tensor Slack => program.G is null ? Z : program.H! - Times(program.G);

    /// <summary>½x'Px + q'x, […].</summary>
    public Tensor Objective
    {
        get
        {
            Tensor linear = Tensor.Sum(program.Q * X, -1);
            return program.P is null ? linear : linear + (0.5 * Tensor.Sum(X * Times(program.P), -1));
        }
    }

    /// <summary>How each item ended, row-major over the batch axes; one element if there are none.</summary>
    /// <exception cref="TensorException">The numbers are not known yet: a transform is tracing.</exception>
    public IReadOnlyList<QpStatus> Statuses => [.. Column(0).Select(status => (QpStatus)(int)status)];

    /// <summary>Whether every item is solved.</summary>
    public bool IsSuccess => Statuses.All(status => status == QpStatus.Solved);

    /// <summary>What happened to each item, how near it came, and what to try.</summary>
    public IReadOnlyList<string> Messages =>
        [.. report.ToArray().Chunk(QpResults.ReportLength).Select(row => StatusText.Of(row, options))];

    /// <summary>The interior-point steps that each item took: none where its active set was found before the first.</summary>
    public IReadOnlyList<int> Iterations => [.. Column(1).Select(count => (int)count)];

    /// <summary>‖(A·x − b, max(G·x − h, 0), …)‖∞ of each item.</summary>
    public IReadOnlyList<double> PrimalResiduals => [.. Column(2)];

    /// <summary>‖P·x + q + A'y + G'z − z_lower + z_upper‖∞ of each item.</summary>
    public IReadOnlyList<double> DualResiduals => [.. Column(3)];

    /// <summary>The distance between the primal and the dual objective of each item.</summary>
    public IReadOnlyList<double> Gaps => [.. Column(4)];

    /// <summary>
    /// How far each item is from degeneracy: the least, over its inequalities, of the larger of slack and multiplier, in the solver's scaled units.
    /// Near zero (1e-7 and less) a constraint is weakly active: the solution has a kink there, and its derivative is one of several. Infinite
    /// without inequalities.
    /// </summary>
    public IReadOnlyList<double> Margins => [.. Column(5)];

    /// <summary>How many items are solved, and what became of the first that is not.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        IReadOnlyList<QpStatus> statuses = Statuses;
        int solved = statuses.Count(status => status == QpStatus.Solved);
        int failed = statuses.ToList().FindIndex(status => status != QpStatus.Solved);
        return failed < 0
            ? $"{solved} solved."
            : $"{solved} of {statuses.Count} solved. {Messages[failed]}{FailureText.WasItem(failed, statuses.Count)}";
    }

    private Tensor Times(Tensor matrix) => Tensor.Squeeze(Tensor.MatMul(matrix, Tensor.Unsqueeze(X, -1)), -1);

    private IEnumerable<double> Column(int column) =>
        report.ToArray().Chunk(QpResults.ReportLength).Select(row => row[column]);
}
