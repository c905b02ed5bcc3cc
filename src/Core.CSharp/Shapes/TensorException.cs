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
}
