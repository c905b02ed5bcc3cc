namespace Implicit;

public sealed partial class Tableau
{
    /// <summary>Euler's method, order 1.</summary>
    public static Tableau Euler { get; } =
        new(
            "euler",
            1,
            "Euler, Institutiones calculi integralis (1768)",
            [
                [],
            ],
            [1.0],
            [
                [1.0],
            ]
        );
}
