namespace Implicit;

/// <summary>The full account of a solved optimisation problem.</summary>
/// <typeparam name="T">The variable: a tensor, or any tree of tensors.</typeparam>
/// <param name="value">The minimiser.</param>
public abstract class ArgminSolution<T>(T value)
{
    /// <summary>The minimiser, of the variable's form; after a failure the lowest point.</summary>
    public T Value { get; } = value;

    /// <summary>
    /// The multipliers of the constraints, one tensor per constraint in the order in which they were given, each of its constraint's shape. L = f + Σ
    /// y·(left − right) for ==, f + Σ z·(left − right) for &lt;= and f + Σ z·(right − left) for >=, all z ≥ 0.
    /// </summary>
    public abstract IReadOnlyList<Tensor> Duals { get; }

    /// <summary>The objective at the minimiser.</summary>
    public abstract Tensor Objective { get; }

    /// <summary>How the solve ended. A descent ends as solved, at its step limit, or by what the message says.</summary>
    public abstract QpStatus Status { get; }

    /// <summary>Whether the problem is solved.</summary>
    public bool IsSuccess => Status == QpStatus.Solved;

    /// <summary>What happened, how near the solver came, and what to try.</summary>
    public abstract string Message { get; }

    /// <summary>The steps taken.</summary>
    public abstract int Iterations { get; }

    /// <summary>The solved quadratic program, with the residuals, the gap and the margin from degeneracy; null if it was not solved as one.</summary>
    public virtual QpSolution? Program => null;

    /// <inheritdoc/>
    public override string ToString() => Message;
}
