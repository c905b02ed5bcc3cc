using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>How long the first step of a solve is.</summary>
internal sealed partial class Stepper
{
    /// <summary>
    /// Computes f at the beginning and gives the size of the first step by Hairer's rule (Hairer, Nørsett, Wanner I, II.4, Starting Step Size).
    /// </summary>
    public double Begin(double time, double direction)
    {
        (double d0, double d1) = StartNorms(time);
        double h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1;
        var result = new Cell(problem.Time.DType);
        h.Value = h0 * direction;
        kernels.Probe.Run(
            [t.Buffer, h.Buffer, .. State, .. First, .. captures, rtol.Buffer, atol.Buffer],
            (Buffer[])[result.Buffer]
        );
        Evaluations++;
        double d2 = result.Value / h0;
        double largest = Math.Max(d1, d2);
        double h1 =
            largest <= 1e-15
                ? Math.Max(1e-6, h0 * 1e-3)
                : Math.Pow(0.01 / largest, 1.0 / (problem.Method.ErrorOrder + 1));
        return double.IsFinite(h1) ? Math.Min(100.0 * h0, h1) : h0;
    }

    private (double StateNorm, double FieldNorm) StartNorms(double time)
    {
        t.Value = time;
        var state = new Cell(problem.Time.DType);
        var field = new Cell(problem.Time.DType);
        kernels.Start.Run(
            [t.Buffer, .. State, .. captures, rtol.Buffer, atol.Buffer],
            (Buffer[])[.. First, state.Buffer, field.Buffer]
        );
        Evaluations++;
        return (state.Value, field.Value);
    }
}
