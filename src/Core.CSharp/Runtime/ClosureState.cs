using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Implicit.Runtime;

/// <summary>
/// What a lambda sees of its surroundings at one moment: the variables that it captured, those of the lambdas that it captured, and the fields of the
/// objects among them. A function that is traced once is traced again when one of them has changed.
/// </summary>
/// <remarks>
/// Collections and tuples are no level of their own: their elements are seen like what holds them. From a captured object the walk goes on to the objects of
/// its own assembly, so that a network's layers are seen; into what other libraries hold it does not go. Statics are not seen.
/// </remarks>
internal sealed class ClosureState
{
    private const BindingFlags AllInstance =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly List<Func<bool>> unchanged = [];
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);

    private readonly Queue<Place> ahead = [];

    private ClosureState() { }

    /// <summary>Whether nothing has changed since.</summary>
    public bool IsCurrent
    {
        get
        {
            foreach (Func<bool> holds in unchanged)
                if (!holds())
                    return false;
            return true;
        }
    }

    public static ClosureState Of(Delegate lambda)
    {
        var state = new ClosureState();
        state.Follow(lambda, default);
        while (state.ahead.TryDequeue(out Place next))
            state.Visit(next);
        return state;
    }

    /// <summary>What a lambda captured; of a compiled function what the user's captured, for its own state is no part of it.</summary>
    private static object? Surroundings(Delegate lambda) =>
        lambda.Target is ICompiled compiled ? Surroundings(compiled.Original) : lambda.Target;

    /// <summary>Notes what a value leads to, from the place where it was found.</summary>
    private void Follow(object? value, Place at)
    {
        if (value is Delegate lambda)
            (value, at) = (Surroundings(lambda), at with { IsCaptured = true });
        if (value is null or Tensor or string or MemberInfo)
            return;
        Type type = value.GetType();
        if (type.IsValueType)
            foreach (FieldInfo field in Fields(type))
                Follow(field.GetValue(value), at);
        else if ((at.IsCaptured || IsPart(type, at.Home)) && seen.Add(value))
            ahead.Enqueue(
                IsContainer(type)
                    ? at with
                    {
                        Owner = value,
                    }
                    : new Place(value, HoldsCaptures(type), IsOfFrameworks(type) ? null : type.Assembly)
            );
    }

    /// <summary>Takes down what an object holds.</summary>
    private void Visit(Place at)
    {
        object owner = at.Owner;
        if (owner is Array array && array.GetType().GetElementType()!.IsPrimitive)
        {
            byte[] then = Bytes(array).ToArray();
            unchanged.Add(() => Bytes(array).SequenceEqual(then));
        }
        else if (owner is Array { Rank: 1 } elements)
            for (int i = 0; i < elements.Length; i++)
            {
                int place = i;
                Watch(() => elements.GetValue(place), at);
            }
        else if (IsCollection(owner.GetType()))
            WatchAll((IEnumerable)owner, at);
        else
            foreach (FieldInfo field in Fields(owner.GetType()))
                Watch(() => field.GetValue(owner), at);
    }

    private void Watch(Func<object?> read, Place at)
    {
        object? then = read();
        unchanged.Add(() => IsSame(read(), then));
        Follow(then, at);
    }

    private void WatchAll(IEnumerable elements, Place at)
    {
        object?[] then = [.. elements.Cast<object?>()];
        unchanged.Add(() =>
        {
            int next = 0;
            foreach (object? element in elements)
                if (next == then.Length || !IsSame(element, then[next++]))
                    return false;
            return next == then.Length;
        });
        foreach (object? element in then)
            Follow(element, at);
    }

    /// <summary>The fields of an object or a value; pointers are none, nor what a number consists of.</summary>
    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        for (; type is not null && !type.IsPrimitive; type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(AllInstance))
                if (!field.FieldType.IsPointer && !field.FieldType.IsFunctionPointer)
                    yield return field;
    }

    /// <summary>Whether an object is a part of what holds it, an object of an assembly.</summary>
    private static bool IsPart(Type type, Assembly? home) =>
        IsContainer(type) || HoldsCaptures(type) || type.Assembly == home;

    private static bool IsContainer(Type type) => IsCollection(type) || type.IsAssignableTo(typeof(ITuple));

    /// <summary>Whether a type holds its elements; a sequence that computes them is none, and may have no end.</summary>
    private static bool IsCollection(Type type) =>
        type.IsArray
        || (
            type.Namespace is { } name
            && (
                name.StartsWith("System.Collections", StringComparison.Ordinal)
                || name == "Microsoft.FSharp.Collections"
            )
            && Array.Exists(
                type.GetInterfaces(),
                one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)
            )
        );

    /// <summary>Whether a type holds captured variables: C#'s closures, F#'s closures and F#'s cells.</summary>
    private static bool HoldsCaptures(Type type)
    {
        if (type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            return true;
        for (Type? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
            if (
                ancestor.FullName is { } name
                && name.StartsWith("Microsoft.FSharp.Core.FSharp", StringComparison.Ordinal)
            )
                return true;
        return false;
    }

    private static bool IsOfFrameworks(Type type) =>
        type.Assembly == typeof(ClosureState).Assembly
        || type.Assembly.GetName().Name is not { } name
        || name is "FSharp.Core" or "Implicit"
        || name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static bool IsSame(object? a, object? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.GetType().IsValueType && a.Equals(b));

    /// <summary>The elements of an array of numbers.</summary>
    private static ReadOnlySpan<byte> Bytes(Array numbers) =>
        MemoryMarshal.CreateReadOnlySpan(
            ref MemoryMarshal.GetArrayDataReference(numbers),
            System.Buffer.ByteLength(numbers)
        );

    /// <summary>An object whose fields or elements are to be taken down.</summary>
    /// <param name="Owner">The object.</param>
    /// <param name="IsCaptured">Whether it holds what lambdas captured: of that every object is visited.</param>
    /// <param name="Home">The assembly whose objects it holds as parts of its own; null if its parts are its own affair.</param>
    private readonly record struct Place(object Owner, bool IsCaptured, Assembly? Home);
}
