using System.Numerics;
using System.Runtime.CompilerServices;
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
    /// <summary>How much of an element of y may be lost beside its size: with more there is no digit left of what is computed from it.</summary>
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
        for (int leaf = 0; leaf < n && Loss is null; leaf++)
            Compare(output, leaf, state[leaf], stepper.State[leaf]);
        Elements.CopyRow(rows.AsSpan(0, n), row, state[..n]);
        for (int leaf = n; leaf < 2 * n; leaf++)
            sum.AddRow(rows[leaf], row, state[leaf]);
    }

    /// <summary>Holds a leaf of y against the forward solution.</summary>
    private void Compare(int output, int leaf, Buffer state, Buffer before)
    {
        int row = (times.Length - 1 - output) * state.Length;
        int element =
            state.DType == DType.Float32
                ? FirstLost(state.Read<float>(), rows[leaf].Read<float>()[row..], before.Read<float>())
                : FirstLost(state.Read<double>(), rows[leaf].Read<double>()[row..], before.Read<double>());
        if (element < 0)
            return;
        (double came, double was) = (Elements.At(state, element), Elements.At(rows[leaf], row + element));
        Loss = Failure.NotReversible(equation, (times[output - 1], times[output]), (came, was), leaf, element);
    }

    /// <summary>
    /// The first element that did not come back; −1 if all did. It may be 0 where it had been and where it came out: how large it is, the beginning of
    /// the last step tells too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FirstLost<T>(ReadOnlySpan<T> came, ReadOnlySpan<T> was, ReadOnlySpan<T> before)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var least = T.CreateSaturating(Little * equation.Options.AbsoluteTolerance);
        var most = T.CreateSaturating(Most);
        int i = 0;
        for (; i <= came.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var x = new Vector<T>(came[i..]);
            Vector<T> size = Vector.Max(Vector.Abs(x), Vector.Abs(new Vector<T>(before[i..])));
            Vector<T> off = Vector.Abs(x - new Vector<T>(was[i..]));
            if (Vector.GreaterThanAny(off, Vector.Max(size * most, new Vector<T>(least))))
                break;
        }
        for (; i < came.Length; i++)
            if (T.Abs(came[i] - was[i]) > T.Max(most * T.Max(T.Abs(came[i]), T.Abs(before[i])), least))
                return i;
        return -1;
    }
}
