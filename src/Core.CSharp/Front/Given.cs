using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Implicit.Shapes;

namespace Implicit;

// C# lets null stand for any argument. A function says which of its own is missing, before something within it stumbles.
public static partial class Functions
{
    private static T Given<T>(
        T? argument,
        [CallerArgumentExpression(nameof(argument))] string name = "",
        [CallerMemberName] string function = ""
    )
        where T : class
    {
        if (argument is null)
            Missing(name, function);
        return argument;
    }

    private static ReadOnlySpan<Tensor> Given(
        ReadOnlySpan<Tensor> tensors,
        [CallerArgumentExpression(nameof(tensors))] string name = "",
        [CallerMemberName] string function = ""
    )
    {
        foreach (Tensor? tensor in tensors)
            if (tensor is null)
                Missing($"each of the {name}", function);
        return tensors;
    }

    private static IReadOnlyList<Tensor> Given(
        IReadOnlyList<Tensor>? tensors,
        [CallerArgumentExpression(nameof(tensors))] string name = "",
        [CallerMemberName] string function = ""
    )
    {
        if (tensors is null)
            Missing(name, function);
        foreach (Tensor? tensor in tensors)
            if (tensor is null)
                Missing($"each of the {name}", function);
        return tensors;
    }

    [DoesNotReturn]
    private static void Missing(string name, string function) =>
        Throw.Missing(
            function switch
            {
                // What the field writes as one word, and what F# calls otherwise.
                nameof(LogDet) or nameof(SlogDet) or nameof(MatMul) => function.ToLowerInvariant(),
                nameof(Ceiling) => "ceil",
                _ => char.ToLowerInvariant(function[0]) + function[1..],
            },
            name
        );
}
