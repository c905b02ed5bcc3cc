using System.Globalization;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// What happens at the outputs on the way back: y starts anew from the forward solution, and the output's cotangent is added to a. Before, it is seen how
/// much of y came back.
/// </summary>
/// <remarks>
/// Where an equation contracts, it expands on the way back, errors too, and a and g are computed from what they have made of y (A. Gholami et al.,
/// ANODE, IJCAI 2019, section 3).
/// </remarks>
/// <param name="equation">The adjoint equation.</param>
/// <param name="given">The leaves of the forward solution at the outputs, then their cotangents.</param>
/// <param name="times">The output times on the way back.</param>
internal sealed class BacksolveJumps(OdeProblem equation, ReadOnlySpan<Buffer> given, double[] times) : IStepObserver
{
    /// <summary>How much of y may be lost beside its size: with more there is no digit left of what is computed from it.</summary>
    private const double Most = 0.5;

    /// <summary>What is smaller than so many absolute tolerances is no loss.</summary>
    private const double Little = 1000.0;

    private readonly Buffer[] rows = given.ToArray();
    private readonly LinearCombination sum = new();

    private readonly int n = given.Length / 2;

    /// <summary>Where y was lost first, and what to do; null if it was not.</summary>
    public string? Loss { get; private set; }

    public void Accepted(int step, double start, double size, Stepper stepper) { }

    public void Emitted(int output, Stepper stepper, int step, double theta)
    {
        if (output == 0)
            return;
        ReadOnlySpan<Buffer> state = stepper.End;
        int row = times.Length - 1 - output;
        for (int leaf = 0; leaf < n; leaf++)
            Compare(output, leaf, state[leaf], stepper.State[leaf]);
        Elements.CopyRow(rows.AsSpan(0, n), row, state[..n]);
        for (int leaf = n; leaf < 2 * n; leaf++)
            sum.AddRow(rows[leaf], row, state[leaf]);
    }

    /// <summary>Holds a leaf of y against the forward solution. It may be 0 there: how large it is, the beginning of the last step tells too.</summary>
    private void Compare(int output, int leaf, Buffer state, Buffer before)
    {
        double off = Elements.MaxDifference(state, rows[leaf], (times.Length - 1 - output) * state.Length);
        if (
            off <= Little * equation.Options.AbsoluteTolerance
            || off <= Most * Math.Max(Elements.MaxNorm(state), Elements.MaxNorm(before))
        )
            return;
        string where = n == 1 ? "" : $", in leaf {leaf}";
        FormattableString loss =
            $"NotReversible: from t = {times[output - 1]:g6} back to {times[output]:g6} the state came out {off:g6} from where it had been{where}: the equation forgets, and its derivative cannot be found this way. Differentiate the steps taken (Checkpointed or Direct), ask for more output times between, or tighten the tolerance.";
        Loss ??= loss.ToString(CultureInfo.InvariantCulture);
    }
}
