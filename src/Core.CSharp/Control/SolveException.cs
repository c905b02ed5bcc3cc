using Implicit.Control;
using Implicit.Shapes;

namespace Implicit;

/// <summary>A solver did not reach an answer. The message says what happened, where, and what to try.</summary>
public sealed class SolveException : Exception, IItemFailure
{
    /// <summary>Creates an exception without a message.</summary>
    public SolveException() { }

    /// <summary>Creates an exception with the status's text.</summary>
    /// <param name="message">What happened, where, and what to try.</param>
    public SolveException(string message)
        : base(message) { }

    /// <summary>Creates an exception with the status's text and its cause.</summary>
    /// <param name="message">What happened, where, and what to try.</param>
    /// <param name="innerException">What led to it.</param>
    public SolveException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Whether it says that a matrix has no inverse to working precision.</summary>
    internal bool IsSingular { get; init; }

    /// <summary>Whether an error, or one that it wraps, says so, of a factorisation or of a solve.</summary>
    internal static bool TellsSingular(Exception error) =>
        TensorException.TellsSingular(error)
        || error is SolveException { IsSingular: true }
        || (error.InnerException is { } inner && TellsSingular(inner));

    /// <summary>
    /// Whether an error says that there was no answer to reach: a solve failed, a matrix has no factors, or there is no derivative. Any other one says
    /// that something was asked wrongly.
    /// </summary>
    internal static bool TellsFailure(Exception error) =>
        error is SolveException || TensorException.TellsFailure(error);

    Exception IItemFailure.Naming(int item, int size) =>
        new SolveException(Message + FailureText.WasItem(item, size), this);
}
