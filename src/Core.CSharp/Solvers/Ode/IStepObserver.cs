using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Who wants to know what a solve does: the output, the record for derivatives, dense solutions.</summary>
internal interface IStepObserver
{
    /// <summary>A step is about to become the state; the stepper still holds its beginning, its stages and its end.</summary>
    void Accepted(int step, double start, double size, Stepper stepper);

    /// <summary>
    /// The state at output time number <paramref name="output"/>. The buffers are only lent; where steps stop at outputs, what is written into
    /// them after the first output is the state from there on.
    /// </summary>
    void Emitted(int output, ReadOnlySpan<Buffer> state, int step, double theta);
}
