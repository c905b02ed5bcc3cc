namespace Implicit;

public sealed partial class Tableau
{
    /// <summary>The classical method of Kutta, order 4, without an error estimate. Dense output is of order 3.</summary>
    public static Tableau Rk4 { get; } =
        new(
            "rk4",
            4,
            "Hairer, Nørsett, Wanner I, II.1, table 1.2; dense output II.6, (6.11)",
            [
                [],
                [0.5],
                [0.0, 0.5],
                [0.0, 0.0, 1.0],
            ],
            [1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0],
            [
                [1.0, -1.5, 2.0 / 3.0],
                [0.0, 1.0, -2.0 / 3.0],
                [0.0, 1.0, -2.0 / 3.0],
                [0.0, -0.5, 2.0 / 3.0],
            ]
        );
}
