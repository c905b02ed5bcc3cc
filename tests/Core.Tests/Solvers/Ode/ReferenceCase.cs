using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// An initial value problem with its answer to all digits, from reference-cases/ode.md: CF a closed form, Q an extrapolation integrator in quad
/// precision.
/// </summary>
/// <param name="Field">f(t, y).</param>
/// <param name="From">t₀.</param>
/// <param name="Y0">y(t₀).</param>
/// <param name="To">t₁.</param>
/// <param name="Expected">y(t₁).</param>
/// <param name="Condition">
/// How far errors of steps add up on the way to t₁, beyond the ten tolerances that every case allows.
/// </param>
/// <param name="MaxStep">The largest step, where accuracy alone would choose unstable ones.</param>
internal sealed record ReferenceCase(
    Func<Tensor, Tensor, Tensor> Field,
    double From,
    double[] Y0,
    double To,
    double[] Expected,
    double Condition = 1.0,
    double MaxStep = double.PositiveInfinity
);

internal static class ReferenceCases
{
    public static readonly IReadOnlyDictionary<string, ReferenceCase> All = new Dictionary<string, ReferenceCase>
    {
        ["1 A1 decay"] = new((t, y) => -y, 0, [1], 20, [2.061153622438557828e-9]),
        ["2 A2"] = new((t, y) => -0.5 * y * y * y, 0, [1], 20, [0.21821789023599238127]),
        ["3 A3"] = new((t, y) => y * Tensor.Cos(t), 0, [1], 20, [2.4916502718504145235], 2),
        ["4 A4 logistic"] = new((t, y) => 0.25 * y * (1.0 - (y / 20.0)), 0, [1], 20, [17.730166481314839849]),
        ["5 A5 spiral"] = new((t, y) => (y - t) / (y + t), 0, [4], 20, [-0.78878266889640142373], 2),
        ["6 B1"] = new(
            Problems.Of((t, y) => [2.0 * (y[0] - (y[0] * y[1])), (y[0] * y[1]) - y[1]]),
            0,
            [1, 3],
            20,
            [0.67618760085766066073, 0.18608160996400298008]
        ),
        ["7 B2 linear"] = new(
            Problems.Of((t, y) => [y[1] - y[0], y[0] - (2.0 * y[1]) + y[2], y[1] - y[2]]),
            0,
            [2, 0, 1],
            1,
            [1.2088332547696531323, 0.95021293163213605702, 0.84095381359821081069]
        ),
        ["8 B4 torus"] = new(
            Problems.Of(
                (t, y) =>
                {
                    Tensor r = Tensor.Sqrt((y[0] * y[0]) + (y[1] * y[1]));
                    return [-y[1] - (y[0] * y[2] / r), y[0] - (y[1] * y[2] / r), y[0] / r];
                }
            ),
            0,
            [3, 0, 0],
            20,
            [0.98269509280065304993, 2.1984470816949297022, 0.91294525072762765438],
            2
        ),
        ["9 B5 rigid body"] = new(
            Problems.Of((t, y) => [y[1] * y[2], -y[0] * y[2], -0.51 * y[0] * y[1]]),
            0,
            [0, 1, 1],
            20,
            [-0.93965707987292039619, -0.34211777540007490653, 0.74141265961999530078]
        ),
        ["10 C1 decay chain"] = new(
            Problems.Of((t, y) => [-y[0], .. Enumerable.Range(1, 8).Select(i => y[i - 1] - y[i]), y[8]]),
            0,
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            20,
            DecayChain()
        ),
        ["13 D1 Kepler"] = new(
            Problems.Of(
                (t, y) =>
                {
                    Tensor r2 = (y[0] * y[0]) + (y[1] * y[1]);
                    Tensor r3 = r2 * Tensor.Sqrt(r2);
                    return [y[2], y[3], -y[0] / r3, -y[1] / r3];
                }
            ),
            0,
            [0.9, 0, 0, Math.Sqrt(1.1 / 0.9)],
            20,
            [0.21988353520083966128, 0.94270768463418130852, -0.97876598410581765146, 0.32879779909360620826],
            // The error of the period adds up over three revolutions.
            10
        ),
        ["16 E4"] = new(
            Problems.Of((t, y) => [y[1], 0.032 - (0.4 * y[1] * y[1])]),
            0,
            [30, 0],
            20,
            [33.950914446465563998, 0.27678226596728677902]
        ),
        ["16 E5 pursuit"] = new(
            Problems.Of((t, y) => [y[1], Tensor.Sqrt(1.0 + (y[1] * y[1])) / (25.0 - t)]),
            0,
            [0, 0],
            20,
            [14.117973905426254683, 2.4]
        ),
        ["17 sine"] = new(Sine, 1, [4.4502780761394196829], 8, [9737.3227447806076441]),
        ["17 sine, backwards"] = new(Sine, 8, [9737.3227447806076441], 1, [4.4502780761394196829]),
        ["18 Lorenz, t = 1"] = new(
            Lorenz,
            0,
            [1, 0, 0],
            1,
            [-9.4084505670560362054, -9.0961990711864789683, 28.581627624392339109]
        ),
        ["20 Lotka–Volterra"] = new(
            (t, y) => Problems.LotkaVolterra(Problems.Rates, y),
            0,
            [1, 1],
            10,
            [1.0263447675750893191, 0.90969107813604161755]
        ),
        ["23 cubic spiral, t = 1.5"] = new(
            CubicSpiral,
            0,
            [2, 0],
            1.5,
            [1.2919915629767863913, 0.97258607443451642539]
        ),
        ["23 cubic spiral, t = 25"] = new(
            CubicSpiral,
            0,
            [2, 0],
            25,
            [-0.44362348669863494539, 0.27944064161893899830],
            3
        ),
        ["32 rotation"] = new(
            Problems.Of((t, y) => [y[1], -y[0]]),
            0,
            [1, 0],
            1,
            [0.5403023058681397174, -0.84147098480789650665]
        ),
        ["50 heat"] = new(
            (t, y) => 100.0 * Tensor.MatMul(SecondDifference(9), y),
            0,
            [.. Enumerable.Range(1, 9).Select(i => Math.Sin(Math.PI * i / 10.0))],
            0.1,
            [.. Enumerable.Range(1, 9).Select(i => 0.37573556255410799388 * Math.Sin(Math.PI * i / 10.0))],
            // Explicit methods are stable for steps below 3.3/390 (Dopri5). Beyond, Dopri8's product of two estimates lets the fast modes grow
            // up to the geometric mean of the tolerance and the slow mode's coarse estimate: this test is of accuracy, not of that.
            MaxStep: 0.006
        ),
    };

    /// <summary>Every case with the methods of high order at three tolerances.</summary>
    public static TheoryData<string, string, double> WithMethods
    {
        get
        {
            var data = new TheoryData<string, string, double>();
            foreach (string name in All.Keys)
            foreach (string method in (string[])["dopri5", "tsit5", "dopri8"])
            foreach (double rtol in (double[])[1e-9, 1e-10, 1e-11])
                data.Add(name, method, rtol);
            return data;
        }
    }

    public static Tensor Lorenz(Tensor t, Tensor y) =>
        Tensor.Stack([10.0 * (y[1] - y[0]), (y[0] * (28.0 - y[2])) - y[1], (y[0] * y[1]) - (8.0 / 3.0 * y[2])]);

    private static Tensor Sine(Tensor t, Tensor y)
    {
        Tensor square = t * t;
        return (2.0 * y / t) + (square * square * Tensor.Sin(2.0 * t)) - square + (4.0 * square * t);
    }

    private static Tensor CubicSpiral(Tensor t, Tensor y) =>
        Tensor.MatMul(
            y * y * y,
            Tensor.Of(
                new double[,]
                {
                    { -0.1, 2.0 },
                    { -2.0, -0.1 },
                }
            )
        );

    private static Tensor SecondDifference(int n)
    {
        double[,] matrix = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            matrix[i, i] = -2.0;
            if (i > 0)
                matrix[i, i - 1] = matrix[i - 1, i] = 1.0;
        }
        return Tensor.Of(matrix);
    }

    /// <summary>y_{i+1} = 20ⁱe⁻²⁰/i! and what is left of 1 in the last.</summary>
    private static double[] DecayChain()
    {
        double[] y = new double[10];
        y[0] = Math.Exp(-20.0);
        for (int i = 1; i < 9; i++)
            y[i] = y[i - 1] * 20.0 / i;
        y[9] = 0.9979127409508649812;
        return y;
    }
}
