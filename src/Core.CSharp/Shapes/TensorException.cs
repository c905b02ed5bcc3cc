namespace Implicit;

/// <summary>
/// An operation was given something it cannot work with. The message has the form
/// <c>[op] what must hold. Received …</c>.
/// </summary>
public sealed class TensorException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public TensorException() { }

    /// <summary>Creates an exception with a whole message.</summary>
    /// <param name="message">The text shown to the user.</param>
    public TensorException(string message)
        : base(message) { }

    /// <summary>Creates an exception with a whole message and its cause.</summary>
    /// <param name="message">The text shown to the user.</param>
    /// <param name="innerException">What led to it.</param>
    public TensorException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Whether it says that a matrix cannot be factorised because of its values.</summary>
    internal bool IsSingular { get; init; }

    /// <summary>Whether an error, or one that it wraps, says so.</summary>
    internal static bool TellsSingular(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is TensorException { IsSingular: true })
                return true;
        return false;
    }
}
