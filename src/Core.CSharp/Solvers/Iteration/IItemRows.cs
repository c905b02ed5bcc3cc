using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// The items of a solve that still run, one row each, as <see cref="IterationDriver"/> sees them: what a method answers for every row. Disposing
/// gives back at once the memory that a solve needs, so that the next one finds it in the caches.
/// </summary>
internal interface IItemRows : IDisposable
{
    /// <summary>How many items still run; their rows are the first.</summary>
    int Count { get; }

    /// <summary>The item in a row.</summary>
    int Item(int row);

    /// <summary>Computes the states of the starts.</summary>
    void Init();

    /// <summary>Goes on from the last states: to the next iterates, or to what is only tried on the way to one.</summary>
    void Step();

    /// <summary>Enters the iterates of rows that <see cref="BatchProgress.Improve"/> takes.</summary>
    /// <returns>The other rows, ascending: each is to be judged.</returns>
    ReadOnlySpan<int> Improve(BatchProgress progress);

    /// <summary>Why the last step of a row could not be computed; null if it could.</summary>
    string? Failure(int row);

    /// <summary>Whether a row whose last step failed is there nevertheless, without a residual, so that the method can take it back.</summary>
    bool IsBlind(int row) => false;

    /// <summary>How good a row's new iterate is; null if there is none yet, for a method tries several points before it takes one.</summary>
    Measure? Done(int row);

    /// <summary>Writes a row's iterate to the place of its item: the last that could be computed.</summary>
    void Finish(int row, Buffer target);

    /// <summary>The same with the iterate before the new one, before this row or one of a smaller number is taken out.</summary>
    void FinishBefore(int row, Buffer target);

    /// <summary>Takes an item out; the last one that runs takes its row.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="isSolved">Whether it has converged.</param>
    void Remove(int row, bool isSolved);

    /// <summary>Called when items have been taken out, before the next step.</summary>
    void Settle();
}

/// <summary>How good an iterate is.</summary>
/// <param name="Residual">How far from a solution: success if no more than what is allowed.</param>
/// <param name="Allowed">What is allowed for the residual.</param>
/// <param name="Objective">What is minimised, if anything is: the lower of two iterates is the better one.</param>
/// <param name="Noise">The differences of the objective that are rounding: then, as where nothing is minimised, the residual decides.</param>
internal readonly record struct Measure(double Residual, double Allowed, double Objective = 0.0, double Noise = 0.0)
{
    /// <summary>Whether both are numbers.</summary>
    public bool IsFinite => double.IsFinite(Residual) && double.IsFinite(Objective);

    /// <summary>Whether the residual is within what is allowed.</summary>
    public bool IsSolved => Residual <= Allowed;

    /// <summary>Whether this iterate is better than another one.</summary>
    public bool Betters(Measure other) =>
        Math.Abs(Objective - other.Objective) <= Noise ? Residual < other.Residual : Objective < other.Objective;
}
