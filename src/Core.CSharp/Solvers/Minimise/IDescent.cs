namespace Implicit.Solvers.Minimise;

/// <summary>One run of a method that goes down from iterate to iterate.</summary>
internal interface IDescent
{
    /// <summary>
    /// One step. A method yields each point that it tries, and finds the objective there in <see cref="Descent.Trial"/> when it goes on. It ends
    /// with <see cref="Descent.Take"/>, or without, if it cannot go on.
    /// </summary>
    IEnumerable<double[]> Step(Descent descent);
}
