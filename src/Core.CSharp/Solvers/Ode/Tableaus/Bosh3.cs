namespace Implicit;

public sealed partial class Tableau
{
    /// <summary>Bogacki–Shampine 3(2), four stages, the last being the next step's first. Dense output is cubic Hermite.</summary>
    public static Tableau Bosh3 { get; } =
        new(
            "bosh3",
            3,
            "Bogacki, Shampine, A 3(2) pair of Runge–Kutta formulas, Appl. Math. Lett. 2 (1989)",
            [
                [],
                [1.0 / 2.0],
                [0.0, 3.0 / 4.0],
                [2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0],
            ],
            [2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0, 0.0],
            [
                [1.0, -4.0 / 3.0, 5.0 / 9.0],
                [0.0, 1.0, -2.0 / 3.0],
                [0.0, 4.0 / 3.0, -8.0 / 9.0],
                [0.0, -1.0, 1.0],
            ]
        )
        {
            Error = [2.0 / 9.0 - 7.0 / 24.0, 1.0 / 3.0 - 1.0 / 4.0, 4.0 / 9.0 - 1.0 / 3.0, -1.0 / 8.0],
            ErrorOrder = 2,
        };
}
