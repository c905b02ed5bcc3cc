namespace Implicit.Solvers.Minimise;

/// <summary>One run of a method that goes down from iterate to iterate.</summary>
internal interface IDescent
{
    /// <summary>
    /// The steps, without end. A method yields each point that it tries (<see cref="Descent.Try"/>), and finds the objective there when it goes on; and null
    /// where a step ends, after <see cref="Descent.Take"/>, or without, if it cannot go on.
    /// </summary>
    IEnumerator<Iterate?> Steps(Descent descent);
}
