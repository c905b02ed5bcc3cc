namespace Implicit.Benchmarks;

/// <summary>
/// a. One trajectory, forward only, float64, rtol 1e-6, atol 1e-8; errors against a solve at 1e-13. Beside Dopri5 stands the same method written by hand.
/// </summary>
internal static class Trajectories
{
    private static readonly Tensor Spiral = Tensor.Of(
        new double[,]
        {
            { -0.1, 2.0 },
            { -2.0, -0.1 },
        }
    );

    public static IEnumerable<Case> All =>
        [
            .. Cases(
                "a.lotka-volterra",
                LotkaVolterra,
                HandWritten.LotkaVolterra,
                Tensor.Linspace(0.0, 10.0, 100),
                Tensor.Of(1.0, 1.0)
            ),
            .. Cases("a.lorenz", Lorenz, HandWritten.Lorenz, Tensor.Linspace(0.0, 2.0, 100), Tensor.Of(1.0, 1.0, 1.0)),
            .. Cases(
                "a.spiral",
                (t, y) => Tensor.MatMul(Tensor.Pow(y, 3.0), Spiral),
                HandWritten.Spiral,
                Tensor.Linspace(0.0, 25.0, 1000),
                Tensor.Of(2.0, 0.0)
            ),
        ];

    /// <summary>x′ = 1.5x − xp, p′ = xp − 3p.</summary>
    public static Tensor LotkaVolterra(Tensor t, Tensor y)
    {
        Tensor prey = y[0];
        Tensor predators = y[1];
        Tensor meetings = prey * predators;
        return Tensor.Stack([(1.5 * prey) - meetings, meetings - (3.0 * predators)], 0);
    }

    private static Tensor Lorenz(Tensor t, Tensor y) =>
        Tensor.Stack([10.0 * (y[1] - y[0]), (y[0] * (28.0 - y[2])) - y[1], (y[0] * y[1]) - (8.0 / 3.0 * y[2])], 0);

    private static IEnumerable<Case> Cases(
        string name,
        Func<Tensor, Tensor, Tensor> field,
        Action<double[], double[]> byHand,
        Tensor times,
        Tensor y0
    )
    {
        (double[] start, double[] grid) = (y0.ToArray(), times.ToArray());
        var reference = new Lazy<double[]>(() =>
            Solve(field, times, y0, Tableau.Dopri8, 1e-13, 1e-13).Values.ToArray()
        );
        foreach (Tableau method in (Tableau[])[Tableau.Dopri5, Tableau.Tsit5, Tableau.Dopri8])
            yield return new Case(
                name,
                $"{times.Shape[0]} times",
                method.Name,
                () => Ode.Integrate(field, times, y0, Options(method, 1e-6, 1e-8)),
                _ =>
                    [
                        .. Facts(Solve(field, times, y0, method, 1e-6, 1e-8), reference.Value),
                        .. method == Tableau.Dopri5 ? Floor(byHand, start, grid, reference.Value) : [],
                    ]
            );
    }

    /// <summary>Dopri5 by hand, which must have solved the same problem.</summary>
    private static IEnumerable<(string, double)> Floor(
        Action<double[], double[]> field,
        double[] start,
        double[] times,
        double[] reference
    )
    {
        double[] values = HandWritten.Solve(field, start, times, 1e-6, 1e-8);
        yield return (Measurement.Floor, Case.Median(() => HandWritten.Solve(field, start, times, 1e-6, 1e-8)));
        yield return ("max_abs_error_by_hand", values.Zip(reference, (a, b) => Math.Abs(a - b)).Max());
    }

    private static IEnumerable<(string, double)> Facts(OdeSolution<Tensor> solution, double[] reference)
    {
        double[] errors = [.. solution.Values.ToArray().Zip(reference, (a, b) => Math.Abs(a - b))];
        yield return ("nfe", solution.Statistics.Evaluations);
        yield return ("max_abs_error", errors.Max());
        yield return ("final_abs_error", errors.TakeLast(solution.Values.Shape[^1]).Max());
    }

    private static OdeSolution<Tensor> Solve(
        Func<Tensor, Tensor, Tensor> field,
        Tensor times,
        Tensor y0,
        Tableau method,
        double rtol,
        double atol
    ) => Ode.Solve(field, times, y0, Options(method, rtol, atol));

    private static OdeOptions Options(Tableau method, double rtol, double atol) =>
        new()
        {
            Method = method,
            RelativeTolerance = rtol,
            AbsoluteTolerance = atol,
        };
}
