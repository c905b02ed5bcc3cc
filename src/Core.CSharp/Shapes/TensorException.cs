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

    /// <summary>Whether it says that the numbers which came have no result, rather than that something was asked wrongly.</summary>
    internal bool IsFailure
    {
        get => field || IsSingular;
        init;
    }

    /// <summary>Whether an error, or one that it wraps, says so of a matrix.</summary>
    internal static bool TellsSingular(Exception? error) => Tells(error, told => told.IsSingular);

    /// <summary>Whether an error, or one that it wraps, says so of any numbers.</summary>
    internal static bool TellsFailure(Exception? error) => Tells(error, told => told.IsFailure);

    private static bool Tells(Exception? error, Func<TensorException, bool> what)
    {
        for (; error is not null; error = error.InnerException)
            if (error is TensorException told && what(told))
                return true;
        return false;
    }
}
