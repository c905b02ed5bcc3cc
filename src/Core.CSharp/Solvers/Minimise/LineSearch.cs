using Implicit.Shapes;
using Implicit.Solvers.Minimise;

namespace Implicit;

/// <summary>How far to go along a direction of descent. A closed set of rules, which methods combine with.</summary>
/// <remarks>
/// Decrease is judged up to the rounding of the objective, so that near a minimum, where the objective no longer tells points apart, the slope
/// decides.
/// </remarks>
public abstract record LineSearch
{
    private protected LineSearch() { }

    /// <summary>The most points tried along a line.</summary>
    public int MaxTrials { get; init; } = 40;

    /// <summary>Checks the numbers.</summary>
    internal virtual void Check(string solve) =>
        Throw.Unless(MaxTrials >= 1, solve, "a line search must try 1 or more points", $"{MaxTrials}");

    /// <summary>
    /// Searches along one line after the other, without end: yields the points that it tries, takes one that is good enough, and then yields null, before
    /// the next line has begun.
    /// </summary>
    internal abstract IEnumerator<Iterate?> Along(Line line, Descent descent);

    /// <summary>
    /// Armijo's rule: steps are shortened until f(x + αp) ≤ f(x) + c·α·∇f·p. J. Nocedal and S. Wright, Numerical Optimization (2006),
    /// algorithm 3.1.
    /// </summary>
    /// <param name="Decrease">c, between 0 and 1.</param>
    /// <param name="Shrink">The factor of a step that was too long, between 0 and 1.</param>
    public sealed record Backtracking(double Decrease = 1e-4, double Shrink = 0.5) : LineSearch
    {
        internal override void Check(string solve)
        {
            base.Check(solve);
            Throw.Unless(
                Decrease is > 0.0 and < 1.0 && Shrink is > 0.0 and < 1.0,
                solve,
                "the numbers of Armijo's rule must lie between 0 and 1",
                $"decrease {Decrease}, shrink {Shrink}"
            );
        }

        internal override IEnumerator<Iterate?> Along(Line line, Descent descent)
        {
            while (true)
            {
                double step = line.First;
                for (int i = 0; i < MaxTrials && line.Descends && !descent.HasStepped; i++)
                {
                    Iterate trial = line.At(step);
                    yield return trial;
                    if (line.Tried(step, trial) is { } point && line.Falls(point, Decrease))
                        descent.Take(trial);
                    step *= Shrink;
                }
                yield return null;
            }
        }
    }

    /// <summary>
    /// The strong Wolfe conditions: Armijo's and |∇f(x + αp)·p| ≤ d·|∇f·p|. Brackets, then interpolates: Nocedal and Wright (2006),
    /// algorithms 3.5 and 3.6, equation 3.59.
    /// </summary>
    /// <param name="Decrease">c, between 0 and 1.</param>
    /// <param name="Curvature">d, between c and 1.</param>
    public sealed record StrongWolfe(double Decrease = 1e-4, double Curvature = 0.9) : LineSearch
    {
        /// <summary>How far from the ends of a bracket the next point stays, as part of it.</summary>
        private const double Margin = 0.1;

        internal override void Check(string solve)
        {
            base.Check(solve);
            Throw.Unless(
                Decrease > 0.0 && Curvature > Decrease && Curvature < 1.0,
                solve,
                "the Wolfe conditions need 0 < decrease < curvature < 1",
                $"decrease {Decrease}, curvature {Curvature}"
            );
        }

        internal override IEnumerator<Iterate?> Along(Line line, Descent descent)
        {
            while (true)
            {
                // Only the lower end of the bracket may be taken: its point is kept.
                (LinePoint low, descent.Kept) = (line.Start, null);
                LinePoint? high = null;
                double step = line.First;
                for (int i = 0; i < MaxTrials && line.Descends && !descent.HasStepped; i++)
                {
                    Iterate trial = line.At(step);
                    yield return trial;
                    if (line.Tried(step, trial) is not { } point)
                        high = new(step, double.PositiveInfinity, double.NaN);
                    else if (!line.Decreases(point, Decrease) || line.Rises(low, point))
                        high = point;
                    else if (Math.Abs(point.Slope) <= -Curvature * line.Start.Slope)
                        descent.Take(trial);
                    else
                    {
                        if (point.Slope * (high is { } end ? end.Step - low.Step : 1.0) >= 0.0)
                            high = low;
                        (low, descent.Kept) = (point, trial);
                    }
                    step = high is { } other ? Between(low, other) : 2.0 * step;
                }
                if (!descent.HasStepped && descent.Kept is { } lowest)
                    descent.Take(lowest);
                yield return null;
            }
        }

        /// <summary>The minimum of the cubic through two points and their slopes, kept inside the bracket.</summary>
        private static double Between(LinePoint low, LinePoint high)
        {
            double width = high.Step - low.Step;
            double middle = low.Step + (0.5 * width);
            double d1 = low.Slope + high.Slope - (3.0 * (high.Value - low.Value) / width);
            double d2 = Math.CopySign(Math.Sqrt((d1 * d1) - (low.Slope * high.Slope)), width);
            double step = high.Step - (width * (high.Slope + d2 - d1) / (high.Slope - low.Slope + (2.0 * d2)));
            double part = (step - low.Step) / width;
            return part is >= Margin and <= 1.0 - Margin ? step : middle;
        }
    }
}
