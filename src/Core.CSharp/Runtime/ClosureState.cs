using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Implicit.Transforms;

namespace Implicit.Runtime;

/// <summary>
/// What a lambda sees of its surroundings at one moment: the variables that it captured, those of the lambdas that it captured, and the fields of the
/// objects among them and in its argument. A function that is traced once is traced again when one of them has changed.
/// </summary>
/// <remarks>
/// Collections and tuples are no level of their own: their elements are seen like what holds them. From a captured object the walk goes on to the objects of
/// its own assembly, so that a network's layers are seen; into what other libraries hold it does not go. Statics are not seen.
/// All of it is looked at in each call, so there is an end: what lies nearest comes first, and a collection or an object that goes beyond is left out.
/// </remarks>
internal sealed class ClosureState
{
    /// <summary>How much is looked at in a call, in bytes: some 10 µs if they are numbers in arrays.</summary>
    private const long MostBytes = 1 << 18;

    /// <summary>A field, or an element that is no number, takes as long as so many bytes of numbers.</summary>
    private const long BytesPerPlace = 64;

    private const string CollectionsOfFSharp = "Microsoft.FSharp.Collections";

    private readonly List<Watch> watches = [];
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);

    private readonly Queue<Place> ahead = [];

    private long left = MostBytes;

    private ClosureState() { }

    /// <summary>Whether nothing has changed since.</summary>
    public bool IsCurrent
    {
        get
        {
            foreach (Watch watch in watches)
                if (!watch.Holds)
                    return false;
            return true;
        }
    }

    /// <param name="lambda">The lambda.</param>
    /// <param name="constants">What it was given beside tensors: an object among them, whose fields may change, is as one that it captured.</param>
    public static ClosureState Of(Delegate lambda, IEnumerable<object> constants)
    {
        var state = new ClosureState();
        state.Follow(lambda, default);
        foreach (object constant in constants)
            state.Follow(constant, default(Place) with { IsCaptured = true });
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

    /// <summary>Takes down what an object holds, if there is room.</summary>
    private void Visit(Place at)
    {
        if (ElementOf(at.Owner.GetType()) is { } element)
            VisitElements(at, element);
        else
            VisitFields(at);
    }

    private void VisitFields(Place at)
    {
        FieldInfo[] fields = Fields(at.Owner.GetType());
        if (!TakesUp(Math.Max(fields.Length, 1) * BytesPerPlace))
            return;
        foreach (FieldInfo field in fields)
        {
            if (!field.IsInitOnly)
                watches.Add(Watch.Field(at.Owner, field));
            Follow(field.GetValue(at.Owner), at);
        }
    }

    private void VisitElements(Place at, Type element)
    {
        if (!TakesUp(Count(at.Owner, element) * (element.IsPrimitive ? SizeOf(element) : BytesPerPlace)))
            return;
        if (at.Owner is Array array)
            watches.Add(Watch.Elements(array));
        else if (!IsImmutable(at.Owner.GetType()))
            watches.Add(Watch.Elements(at.Owner, element));
        if (!element.IsPrimitive)
            foreach (object? part in (IEnumerable)at.Owner)
                Follow(part, at);
    }

    private bool TakesUp(long bytes)
    {
        bool fits = bytes <= left;
        left -= fits ? bytes : 0;
        return fits;
    }

    private static long Count(object collection, Type element) =>
        collection is Array array
            ? array.LongLength
            : (int)typeof(IReadOnlyCollection<>).MakeGenericType(element).GetProperty("Count")!.GetValue(collection)!;

    private static long SizeOf(Type number) => RuntimeHelpers.SizeOf(number.TypeHandle);

    /// <summary>The fields of an object or a value; pointers are none, nor what a number consists of.</summary>
    internal static FieldInfo[] Fields(Type type) =>
        type.IsPrimitive
            ? []
            : Array.FindAll(
                Holding.Fields(type),
                field => !field.FieldType.IsPointer && !field.FieldType.IsFunctionPointer
            );

    /// <summary>Whether an object is a part of what holds it, an object of an assembly.</summary>
    private static bool IsPart(Type type, Assembly? home) =>
        IsContainer(type) || HoldsCaptures(type) || type.Assembly == home;

    private static bool IsContainer(Type type) => ElementOf(type) is not null || type.IsAssignableTo(typeof(ITuple));

    /// <summary>What a collection holds; null if a type is none. A sequence that computes its elements is none, and may have no end.</summary>
    private static Type? ElementOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType() is { IsPointer: false, IsFunctionPointer: false } element ? element : null;
        if (
            type.Namespace is not { } name
            || !(name.StartsWith("System.Collections", StringComparison.Ordinal) || name == CollectionsOfFSharp)
        )
            return null;
        return Array
            .Find(
                type.GetInterfaces(),
                one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)
            )
            ?.GetGenericArguments()[0];
    }

    private static bool IsImmutable(Type collection) =>
        collection.Namespace is CollectionsOfFSharp or "System.Collections.Immutable" or "System.Collections.Frozen";

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

    /// <summary>An object whose fields or elements are to be taken down.</summary>
    /// <param name="Owner">The object.</param>
    /// <param name="IsCaptured">Whether it holds what lambdas captured: of that every object is visited.</param>
    /// <param name="Home">The assembly whose objects it holds as parts of its own; null if its parts are its own affair.</param>
    private readonly record struct Place(object Owner, bool IsCaptured, Assembly? Home);
}
