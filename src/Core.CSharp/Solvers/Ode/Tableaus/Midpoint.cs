namespace Implicit;

public sealed partial class Tableau
{
    /// <summary>The explicit midpoint rule (Runge), order 2, with Euler's as an estimate.</summary>
    public static Tableau Midpoint { get; } =
        new(
            "midpoint",
            2,
            "Hairer, Nørsett, Wanner I, II.1, table 1.1",
            [
                [],
                [0.5],
            ],
            [0.0, 1.0],
            [
                [1.0, -1.0],
                [0.0, 1.0],
            ]
        )
        {
            Error = [-1.0, 1.0],
            ErrorOrder = 1,
        };
}
