using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>All Runge–Kutta methods with what theory says of them.</summary>
/// <param name="Tableau">The method.</param>
/// <param name="EstimateOrder">The order of the embedded method y₁ − estimate; 0 without one.</param>
/// <param name="DenseOrder">The uniform order of the interpolant: its error inside a step is O(h^(DenseOrder + 1)).</param>
/// <param name="Stability">R(−½) of one step for y′ = λy, hλ = −½.</param>
internal sealed record Method(Tableau Tableau, int EstimateOrder, int DenseOrder, double Stability)
{
    public bool IsAdaptive => Tableau.IsAdaptiveByDefault;

    public override string ToString() => Tableau.Name;
}

internal static class Methods
{
    /// <summary>
    /// R(−½): reference-cases/ode.md, case 33; Σ zᵏ/k! up to the order for methods with as many stages as order; of DOP853 the sum up to
    /// z⁸ with the tableau's own coefficients beyond, see <see cref="TableauLaws"/>.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, Method> All = new Method[]
    {
        new(Tableau.Euler, 0, 1, 0.5),
        new(Tableau.Heun, 1, 2, 0.625),
        new(Tableau.Midpoint, 1, 2, 0.625),
        new(Tableau.Rk4, 0, 3, 0.60677083333333333333),
        new(Tableau.Bosh3, 2, 3, 0.60416666666666666667),
        new(Tableau.Dopri5, 4, 4, 0.60653645833333333333),
        new(Tableau.Tsit5, 4, 4, 0.60653279496861678148),
        // No closed value: e^(−½) up to the terms beyond z⁸.
        new(Tableau.Dopri8, 5, 7, double.NaN),
    }.ToDictionary(method => method.Tableau.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> Adaptive => [.. All.Values.Where(m => m.IsAdaptive).Select(m => m.Tableau.Name)];

    /// <summary>Every method with every adjoint.</summary>
    public static TheoryData<string, string> AndAdjoints
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string method in All.Keys)
            foreach (string adjoint in Adjoints.Keys)
                data.Add(method, adjoint);
            return data;
        }
    }

    public static readonly IReadOnlyDictionary<string, Adjoint> Adjoints = new Dictionary<string, Adjoint>
    {
        ["direct"] = new Adjoint.Direct(),
        ["checkpointed 2"] = new Adjoint.Checkpointed(2),
        ["checkpointed 5"] = new Adjoint.Checkpointed(5),
        ["checkpointed 32"] = new Adjoint.Checkpointed(),
        ["backsolve"] = new Adjoint.Backsolve(),
    };

    public static TheoryData<string> AdjointNames => [.. Adjoints.Keys];

    /// <summary>The adjoints that differentiate the steps themselves.</summary>
    public static TheoryData<string> ExactAdjoints => [.. Adjoints.Keys.Where(name => name != "backsolve")];
}
