using Implicit.Control;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>How long the first step of a solve is.</summary>
internal sealed partial class Stepper
{
    /// <summary>f at the beginning, then two norms.</summary>
    private readonly Buffer[] startResults;

    /// <summary>
    /// Computes f at the beginning and gives the size of the first step by Hairer's rule (Hairer, Nørsett, Wanner I, II.4, Starting Step Size).
    /// </summary>
    public double Begin(double time, double direction)
    {
        (double d0, double d1) = StartNorms(time);
        // What begins at 0 without an absolute tolerance has no scale, and its slope no size.
        double h0 = d0 < 1e-5 || d1 < 1e-5 || !double.IsFinite(d1) ? 1e-6 : 0.01 * d0 / d1;
        h.Value = h0 * direction;
        double d2 = Probe() / h0;
        double largest = Math.Max(d1, d2);
        double h1 =
            largest <= 1e-15
                ? Math.Max(1e-6, h0 * 1e-3)
                : Math.Pow(0.01 / largest, 1.0 / (problem.Method.ErrorOrder + 1));
        return double.IsFinite(largest) ? Math.Min(100.0 * h0, h1) : h0;
    }

    /// <summary>How much f changes over the step; NaN where it cannot be computed.</summary>
    private double Probe()
    {
        // A step without stages computes k₁ itself, and is not given it.
        Buffer[] given = HasStages ? arguments : [.. arguments[..(StateAt + n)], .. First, .. captures];
        Evaluations++;
        try
        {
            kernels.Probe.Run(given, startResults.AsSpan(n, 1));
            return startResults[n].Number;
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            return double.NaN;
        }
    }

    private (double StateNorm, double FieldNorm) StartNorms(double time)
    {
        t.Value = time;
        State.CopyTo(slopeArguments, 1);
        First.CopyTo(startResults, 0);
        kernels.Start.Run(slopeArguments, startResults);
        Evaluations++;
        return (startResults[n].Number, startResults[n + 1].Number);
    }
}
