using Implicit.Solvers.Ode;
using Implicit.Transforms;

namespace Implicit;

/// <summary>The full account of a solve.</summary>
/// <typeparam name="T">The tree of the state.</typeparam>
public sealed class OdeSolution<T>
{
    private readonly Func<double, T> dense;

    internal OdeSolution(
        OdeStatus status,
        string message,
        Tensor times,
        T values,
        OdeStatistics statistics,
        Func<double, T> dense
    )
    {
        Status = status;
        Message = message;
        Times = times;
        Values = values;
        Statistics = statistics;
        this.dense = dense;
    }

    /// <summary>Of a solve whose field could not be computed at all.</summary>
    internal static OdeSolution<T> OfNoSteps(Tensor times, T y0, Exception error) =>
        new(
            OdeStatus.StepFailed,
            Failure.NotComputed(error),
            times[..1],
            Tree.With(y0, Array.ConvertAll(Tree.Leaves(y0), leaf => Tensor.Unsqueeze(leaf, 0))),
            default,
            time =>
            {
                DenseSolution.CheckWithin(time, times.ToArray()[0], times.ToArray()[0]);
                return y0;
            }
        );

    /// <summary>How the solve ended.</summary>
    public OdeStatus Status { get; }

    /// <summary>Whether the last output time was reached.</summary>
    public bool IsSuccess => Status == OdeStatus.Success;

    /// <summary>What happened, where, and what to try.</summary>
    public string Message { get; }

    /// <summary>The output times that were reached, [n].</summary>
    public Tensor Times { get; }

    /// <summary>The state at those times: each leaf with a time axis in front.</summary>
    public T Values { get; }

    /// <summary>What the solve cost.</summary>
    public OdeStatistics Statistics { get; }

    /// <summary>How the solve ended and what it cost.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"{Message} {Statistics.Evaluations} evaluations, {Statistics.Rejected} rejected steps.";

    /// <summary>
    /// The state at any time between the first and the last that was reached, by the method's dense output. The first call solves once more, and keeps
    /// all steps from then on.
    /// </summary>
    /// <param name="time">A time within the span that was solved.</param>
    /// <exception cref="TensorException">The time lies outside.</exception>
    public T At(double time) => dense(time);
}
