using System.Globalization;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>Vector fields that several tests use, and plain ways to write them.</summary>
internal static class Problems
{
    /// <summary>Lotka–Volterra with reference-cases/ode.md's parameters (1.5, 1, 3, 1), case 20.</summary>
    public static readonly Tensor Rates = Tensor.Of(1.5, 1.0, 3.0, 1.0);

    public static Tensor LotkaVolterra(Tensor p, Tensor y) =>
        Tensor.Stack([(p[0] * y[0]) - (p[1] * y[0] * y[1]), (p[3] * y[0] * y[1]) - (p[2] * y[1])]);

    /// <summary>A field from its components.</summary>
    public static Func<Tensor, Tensor, Tensor> Of(Func<Tensor, Tensor[], Tensor[]> components) =>
        (t, y) => Tensor.Stack(components(t, [.. Enumerable.Range(0, y.Shape[0]).Select(i => y[i])]));

    public static OdeOptions At(Tableau method, double tolerance) =>
        new()
        {
            Method = method,
            RelativeTolerance = tolerance,
            AbsoluteTolerance = tolerance,
        };

    public static string Text(double x) => x.ToString("g6", CultureInfo.InvariantCulture);
}
