namespace Implicit.Solvers.Ode;

/// <summary>Who wants to know what a solve does: the output, the record for derivatives, dense solutions.</summary>
internal interface IStepObserver
{
    /// <summary>A step is about to become the state; the stepper still holds its beginning, its stages and its end.</summary>
    void Accepted(int step, double start, double size, Stepper stepper);

    /// <summary>
    /// Output time number <paramref name="output"/> lies at fraction <paramref name="theta"/> of a step that was tried (<see cref="Stepper.Write"/>);
    /// at 0 it is the beginning of the solve. Where steps stop at outputs, what is written into the step's end is the state from there on.
    /// </summary>
    void Emitted(int output, Stepper stepper, int step, double theta);
}
