using Implicit.Solvers.Ode;

namespace Implicit;

/// <summary>
/// A Runge–Kutta method as numbers: the Butcher tableau, an error estimate where the method has one, and the polynomial weights of its
/// dense output. It checks itself when it is made.
/// </summary>
/// <remarks>
/// One step from (t, y) of size h: kᵢ = f(t + cᵢh, y + h·Σⱼ aᵢⱼkⱼ), y₁ = y + h·Σ bᵢkᵢ; dense output y(t + θh) = y + h·Σ bᵢ(θ)kᵢ
/// (Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.1 and II.6).
/// </remarks>
public sealed partial class Tableau
{
    private const double Tolerance = 1e-13;

    private Tableau(string name, int order, string source, double[][] a, double[] b, double[][] interpolant)
    {
        Name = name;
        Order = order;
        Source = source;
        A = a;
        B = b;
        C = Array.ConvertAll(a, row => row.Sum());
        Interpolant = interpolant;
        DenseWeights = new DenseWeights(interpolant);
        Stages = b.Length;
        IsFirstSameAsLast = a[Stages - 1].AsSpan().SequenceEqual(b.AsSpan(0, Stages - 1)) && b[^1] == 0.0 && Stages > 1;
        Validate();
    }

    /// <summary>The method's usual name.</summary>
    public string Name { get; }

    /// <summary>The order p: the error at a fixed time is O(hᵖ).</summary>
    public int Order { get; }

    /// <summary>Where the numbers come from.</summary>
    public string Source { get; }

    /// <summary>Whether the method estimates its error, which adaptive steps need.</summary>
    public bool HasErrorEstimate => Error is not null;

    /// <summary>The number of stages of a step; stages beyond them serve dense output only.</summary>
    internal int Stages { get; }

    /// <summary>The number of stages that serve dense output only.</summary>
    internal int ExtraStages => A.Length - Stages;

    /// <summary>aᵢⱼ, row i of length i; rows beyond <see cref="Stages"/> are those of dense output.</summary>
    internal double[][] A { get; }

    /// <summary>bᵢ.</summary>
    internal double[] B { get; }

    /// <summary>cᵢ = Σⱼ aᵢⱼ.</summary>
    internal double[] C { get; }

    /// <summary>bᵢ − b̂ᵢ, the weights of the error estimate.</summary>
    internal double[]? Error { get; private init; }

    /// <summary>A second, cruder estimate that steadies the first: err = e₁²/√(e₁² + 0.01·e₂²) (Hairer's DOP853).</summary>
    internal double[]? CoarseError { get; private init; }

    /// <summary>The order q of the estimate: it behaves like hᑫ⁺¹ in one step.</summary>
    internal int ErrorOrder { get; private init; }

    /// <summary>bᵢ(θ) = Σₖ Interpolant[i][k]·θᵏ⁺¹ for every stage, those of dense output included.</summary>
    internal double[][] Interpolant { get; }

    /// <summary>The same, for many θ.</summary>
    internal DenseWeights DenseWeights { get; }

    /// <summary>Whether the last stage is the first of the next step.</summary>
    internal bool IsFirstSameAsLast { get; }

    /// <summary>How often a step evaluates the field when it knows its first stage, that of the next step included.</summary>
    internal int Evaluations => IsFirstSameAsLast ? Stages - 1 : Stages;

    /// <summary>Whether steps adapt unless the user says otherwise: methods whose estimate is more than a by-product.</summary>
    internal bool IsAdaptiveByDefault => HasErrorEstimate && Order >= 3;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>bᵢ(θ) of all stages.</summary>
    internal double[] Weights(double theta) =>
        Array.ConvertAll(Interpolant, row => row.Reverse().Aggregate(0.0, (sum, next) => (sum + next) * theta));

    /// <summary>
    /// Row i of A has i entries, Σb = 1, Σ(b − b̂) = 0, the interpolant ends in b and keeps constants (Σ bᵢ(θ) = θ).
    /// </summary>
    private void Validate()
    {
        for (int i = 0; i < A.Length; i++)
            Require(A[i].Length == i, $"row {i} of A must have {i} entries");
        Require(Math.Abs(B.Sum() - 1.0) < Tolerance, "the weights b must sum to 1");
        Require(Error is null || Math.Abs(Error.Sum()) < Tolerance, "the error weights must sum to 0");
        Require(Interpolant.Length == A.Length, "dense output must weigh every stage");
        double[] end = Weights(1.0);
        for (int i = 0; i < end.Length; i++)
            Require(
                Math.Abs(end[i] - (i < Stages ? B[i] : 0.0)) < 1e-10,
                $"dense output must end in the step's weight of stage {i}"
            );
        foreach (double theta in (double[])[0.25, 0.5, 0.75])
            Require(Math.Abs(Weights(theta).Sum() - theta) < 1e-10, "dense output must keep constant slopes");
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"[tableau] {Name}: {what}.");
    }
}
