using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// How far a model of the objective is trusted: the radius grows where it predicts well, and shrinks where it does not. J. Nocedal and
/// S. Wright, Numerical Optimization (2006), algorithm 4.1.
/// </summary>
public sealed record TrustRegion
{
    /// <summary>The first radius, in the units of the variable; that of the first step that the method would take, but 1 or more, if null.</summary>
    public double? InitialRadius { get; init; }

    /// <summary>The largest radius.</summary>
    public double MaxRadius { get; init; } = 1e10;

    /// <summary>A step is taken if it gains more than this part of what was predicted.</summary>
    public double LeastGain { get; init; } = 1e-4;

    /// <summary>Checks the numbers.</summary>
    internal void Check(string solve)
    {
        Throw.Unless(
            InitialRadius is null or > 0.0 && MaxRadius > 0.0,
            solve,
            "radii must be positive",
            $"{InitialRadius} and {MaxRadius}"
        );
        Throw.Unless(LeastGain is >= 0.0 and < 1.0, solve, "the least gain must lie in [0, 1)", $"{LeastGain}");
    }

    /// <summary>Whether a step is taken.</summary>
    /// <param name="gain">The decrease beside what was predicted.</param>
    internal bool IsTaken(double gain) => gain > LeastGain;

    /// <summary>The radius for the next step: less after each that is not taken, however long that came out, so that they come to an end.</summary>
    internal double Next(double radius, double gain, double length) =>
        !(gain >= 0.25) || !IsTaken(gain) ? 0.25 * Math.Min(length, radius)
        : gain > 0.75 && length > 0.8 * radius ? Math.Min(2.0 * radius, MaxRadius)
        : radius;
}
