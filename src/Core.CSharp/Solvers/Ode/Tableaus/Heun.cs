namespace Implicit;

public sealed partial class Tableau
{
    /// <summary>Heun's method (the explicit trapezoidal rule), order 2, with Euler's as an estimate.</summary>
    public static Tableau Heun { get; } =
        new(
            "heun",
            2,
            "Hairer, Nørsett, Wanner I, II.1, table 1.1",
            [
                [],
                [1.0],
            ],
            [0.5, 0.5],
            [
                [1.0, -0.5],
                [0.0, 0.5],
            ]
        )
        {
            Error = [-0.5, 0.5],
            ErrorOrder = 1,
        };
}
