using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Implicit.Shapes;

/// <summary>Raises errors of the one form the library uses: <c>[op] what must hold. Received …</c>.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void Error(string op, string must, string received) =>
        throw new TensorException($"[{op}] {must}. Received {received}.");

    [DoesNotReturn]
    public static void Error(string op, string must, ref FailureText received) => Error(op, must, received.Finish());

    [DoesNotReturn]
    public static T Error<T>(string op, string must, string received) =>
        throw new TensorException($"[{op}] {must}. Received {received}.");

    /// <summary>Raises the error that an argument is null, which C# lets stand for anything.</summary>
    [DoesNotReturn]
    public static void Missing(string op, string name) => Error(op, $"{name} must be given", "null");

    /// <summary>Raises that error where there is one.</summary>
    public static void IfMissing([NotNull] object? argument, string op, string name)
    {
        if (argument is null)
            Missing(op, name);
    }

    /// <summary>Raises the error that computed numbers have no result: a solve that needs it has failed, and says so in its account.</summary>
    [DoesNotReturn]
    public static void Failure(string op, string must, string received) =>
        throw new TensorException($"[{op}] {must}. Received {received}.") { IsFailure = true };

    public static void Unless([DoesNotReturnIf(false)] bool holds, string op, string must, string received)
    {
        if (!holds)
            Error(op, must, received);
    }

    public static void Unless(
        [DoesNotReturnIf(false)] bool holds,
        string op,
        string must,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref FailureText received
    )
    {
        if (!holds)
            Error(op, must, received.Finish());
    }

    public static void Unless(
        [DoesNotReturnIf(false)] bool holds,
        string op,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref FailureText must,
        string received
    )
    {
        if (!holds)
            Error(op, must.Finish(), received);
    }

    public static void Unless(
        [DoesNotReturnIf(false)] bool holds,
        string op,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref FailureText must,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref FailureText received
    )
    {
        if (!holds)
            Error(op, must.Finish(), received.Finish());
    }
}
