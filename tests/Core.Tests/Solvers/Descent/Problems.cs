namespace Implicit.Tests.Solvers.Descent;

/// <summary>
/// Systems with known roots as residuals: J. Moré, B. Garbow and K. Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981),
/// and the set of SciML's NonlinearProblemLibrary.
/// </summary>
internal static class Problems
{
    public static readonly Dictionary<string, (Func<Tensor, Tensor> Residuals, double[] Start, double[] Root)> Regular =
        new()
        {
            ["Rosenbrock"] = (
                x => Tensor.Stack([10.0 * (At(x, 1) - Squared(At(x, 0))), 1.0 - At(x, 0)]),
                [-1.2, 1.0],
                [1.0, 1.0]
            ),
            ["Wood"] = (
                x =>
                    Tensor.Stack([
                        10.0 * (At(x, 1) - Squared(At(x, 0))),
                        1.0 - At(x, 0),
                        Math.Sqrt(90.0) * (At(x, 3) - Squared(At(x, 2))),
                        1.0 - At(x, 2),
                        Math.Sqrt(10.0) * (At(x, 1) + At(x, 3) - 2.0),
                        (At(x, 1) - At(x, 3)) / Math.Sqrt(10.0),
                    ]),
                [-3.0, -1.0, -3.0, -1.0],
                [1.0, 1.0, 1.0, 1.0]
            ),
            ["helical valley"] = (
                x =>
                    Tensor.Stack([
                        10.0 * (At(x, 2) - (10.0 * Tensor.Atan2(At(x, 1), At(x, 0)) / (2.0 * Math.PI))),
                        10.0 * (Tensor.Sqrt(Squared(At(x, 0)) + Squared(At(x, 1))) - 1.0),
                        At(x, 2),
                    ]),
                [-1.0, 0.0, 0.0],
                [1.0, 0.0, 0.0]
            ),
            ["Dennis and Schnabel"] = (
                x => Tensor.Stack([At(x, 0) + At(x, 1) - 3.0, Squared(At(x, 0)) + Squared(At(x, 1)) - 9.0]),
                [1.0, 5.0],
                [0.0, 3.0]
            ),
            ["Boggs"] = (
                x =>
                    Tensor.Stack([Squared(At(x, 0)) - At(x, 1) + 1.0, At(x, 0) - Tensor.Cos(0.5 * Math.PI * At(x, 1))]),
                [1.0, 0.0],
                [0.0, 1.0]
            ),
            ["Brown almost linear"] = (
                x =>
                    Tensor.Concat(
                        [Tensor.Slice(x, 0, 0, 4) + Tensor.Sum(x) - 6.0, Tensor.Reshape(Tensor.Prod(x) - 1.0, [1])],
                        0
                    ),
                [0.5, 0.5, 0.5, 0.5, 0.5],
                [1.0, 1.0, 1.0, 1.0, 1.0]
            ),
            ["Beale"] = (
                x =>
                    Tensor.Stack([
                        1.5 - (At(x, 0) * (1.0 - At(x, 1))),
                        2.25 - (At(x, 0) * (1.0 - Squared(At(x, 1)))),
                        2.625 - (At(x, 0) * (1.0 - (At(x, 1) * Squared(At(x, 1))))),
                    ]),
                [1.0, 1.0],
                [3.0, 0.5]
            ),
            ["Chebyquad"] = (
                x => Tensor.Stack([Tensor.Mean(x), Tensor.Mean((2.0 * x * x) - 1.0) + (1.0 / 3.0)]),
                [-1.0 / 3.0, 1.0 / 3.0],
                [-0.57735026918963, 0.57735026918963]
            ),
            ["Broyden tridiagonal"] = (
                x =>
                {
                    Tensor none = Tensor.Zeros([1]);
                    Tensor before = Tensor.Concat([none, Tensor.Slice(x, 0, 0, 9)], 0);
                    Tensor after = Tensor.Concat([Tensor.Slice(x, 0, 1, 10), none], 0);
                    return ((3.0 - (2.0 * x)) * x) - before - (2.0 * after) + 1.0;
                },
                [-1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0],
                [
                    -0.57072213201122,
                    -0.68180694998428,
                    -0.70221007601766,
                    -0.70551062989508,
                    -0.70490615572874,
                    -0.70149660702985,
                    -0.6918893223548,
                    -0.66579651440585,
                    -0.59603510902637,
                    -0.41641225752869,
                ]
            ),
        };

    /// <summary>Freudenstein and Roth: a root at (5, 4), and a minimum with ‖r‖² = 48.9842… at (11.41…, −0.8968…).</summary>
    public static Tensor FreudensteinRoth(Tensor x)
    {
        Tensor y = At(x, 1);
        return Tensor.Stack([
            At(x, 0) - 13.0 + ((((5.0 - y) * y) - 2.0) * y),
            At(x, 0) - 29.0 + ((((y + 1.0) * y) - 14.0) * y),
        ]);
    }

    /// <summary>Powell's singular function: the Jacobian at the root 0 has rank 2 of 4.</summary>
    public static Tensor PowellSingular(Tensor x) =>
        Tensor.Stack([
            At(x, 0) + (10.0 * At(x, 1)),
            Math.Sqrt(5.0) * (At(x, 2) - At(x, 3)),
            Squared(At(x, 1) - (2.0 * At(x, 2))),
            Math.Sqrt(10.0) * Squared(At(x, 0) - At(x, 3)),
        ]);

    private static Tensor At(Tensor x, int i) => Tensor.Index(x, 0, i);

    private static Tensor Squared(Tensor x) => x * x;
}
