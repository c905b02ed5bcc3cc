using Implicit.Solvers.Convex.Programs;

namespace Implicit;

/// <summary>The full account of a solved convex program.</summary>
/// <typeparam name="T">The variable: a tensor, or any tree of tensors.</typeparam>
public sealed class ArgminSolution<T>
{
    private readonly ProgramReading reading;
    private readonly Tensor constant;

    internal ArgminSolution(T value, QpSolution program, ProgramReading reading, Tensor constant) =>
        (Value, Program, this.reading, this.constant) = (value, program, reading, constant);

    /// <summary>The minimiser, of the variable's form.</summary>
    public T Value { get; }

    /// <summary>
    /// The multipliers of the constraints, one tensor per constraint in the order in which they were given, each of its constraint's shape. L = f + Σ
    /// y·(left − right) for ==, f + Σ z·(left − right) for &lt;= and f + Σ z·(right − left) for >=, all z ≥ 0.
    /// </summary>
    public IReadOnlyList<Tensor> Duals => [.. reading.Places.Select(place => place.Dual(Program))];

    /// <summary>The objective at the minimiser.</summary>
    public Tensor Objective => Program.Objective + constant;

    /// <summary>How the solve ended.</summary>
    public QpStatus Status => Program.Statuses[0];

    /// <summary>Whether the program is solved.</summary>
    public bool IsSuccess => Program.IsSuccess;

    /// <summary>What happened, how near the solver came, and what to try.</summary>
    public string Message => Program.Messages[0];

    /// <summary>The interior-point steps taken.</summary>
    public int Iterations => Program.Iterations[0];

    /// <summary>The solved quadratic program, with the residuals, the gap and the margin from degeneracy.</summary>
    public QpSolution Program { get; }

    /// <inheritdoc/>
    public override string ToString() => Program.ToString();
}
