using Implicit.Control;

namespace Implicit.Solvers.Minimise;

/// <summary>The way down of one item: where it is, and what its method tries for the next step.</summary>
/// <param name="method">The method, new.</param>
/// <param name="make">Makes memory for a point.</param>
/// <param name="rounding">The rounding of the element type, relative to a number.</param>
/// <param name="cancels">Whether an objective near zero may be a difference of large terms.</param>
internal sealed class Descent(IDescent method, Func<Iterate> make, double rounding, bool cancels)
{
    private const string Stuck =
        "No step lessens the objective: kinks, rounding or a singular Jacobian hide the way down.";

    private readonly List<Iterate> all = [];
    private IEnumerator<Iterate?>? steps;
    private Iterate? before;
    private Iterate? now;
    private Iterate? trial;
    private double largest;

    /// <summary>The last iterate.</summary>
    public Iterate Now => now!;

    /// <summary>The iterate before the last.</summary>
    public Iterate Before => before!;

    /// <summary>A point that was tried in this step, and may still be taken; null if only the last may be.</summary>
    public Iterate? Kept { get; set; }

    /// <summary>Whether the last point that was computed ended a step: <see cref="Now"/> is new.</summary>
    public bool HasStepped { get; private set; }

    /// <summary>Why the method cannot go on; null if it can.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether the objective could be computed at the start.</summary>
    public bool HasStarted => now is not null;

    /// <summary>The rounding of the element type, relative to a number.</summary>
    public double Rounding => rounding;

    /// <summary>
    /// Differences of the objective that mean nothing: they are rounding. Where terms cancel, the largest value that an iterate had tells
    /// how large they are.
    /// </summary>
    public double Noise => 10.0 * rounding * (cancels ? largest : Math.Abs(Now.Value));

    /// <summary>
    /// Differences of the objective that its slopes tell better: a factorisation or a long sum inside it leaves more rounding than one operation does.
    /// Hager and Zhang (2005) take 1e-6 of it; this is half the digits.
    /// </summary>
    public double Doubt => Math.Max(Noise, Math.Sqrt(rounding) * Math.Abs(Now.Value));

    /// <summary>A point to set and to try, in memory of one that nobody needs.</summary>
    public Iterate Try()
    {
        foreach (Iterate one in all)
            if (one != now && one != before && one != Kept)
                return one;
        all.Add(make());
        return all[^1];
    }

    /// <summary>Where the objective is to be computed next; the last iterate once more if the method cannot go on.</summary>
    public Iterate Ask()
    {
        HasStepped = false;
        // A step that tries nothing is none.
        if (trial is null && Failure is null && !GoesOn())
            Failure ??= Stuck;
        return Failure is null ? trial! : Now;
    }

    /// <summary>The objective is known where it was asked for.</summary>
    public void Tell()
    {
        if (Failure is null && !GoesOn() && !HasStepped)
            Failure ??= Stuck;
    }

    /// <summary>Makes a point the next iterate: the start, or one that the method has tried.</summary>
    public void Take(Iterate next)
    {
        (before, now) = (now, next);
        largest = Math.Max(largest, Math.Abs(next.Value));
        HasStepped = true;
    }

    /// <summary>Whether the method tries another point.</summary>
    private bool GoesOn()
    {
        try
        {
            steps ??= method.Steps(this);
            trial = steps.MoveNext() ? steps.Current : null;
            return trial is not null;
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            Failure = error.Message;
            // What cannot be finished is no step.
            if (HasStepped)
                (now, HasStepped) = (before, false);
            return false;
        }
    }
}
