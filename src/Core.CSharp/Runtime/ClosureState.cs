using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Implicit.Runtime;

/// <summary>
/// What a lambda sees of its surroundings at one moment: the variables that it captured, those of the lambdas that it captured, and the fields
/// and elements of the objects among them. A function that is traced once is traced again when one of them has changed.
/// </summary>
internal sealed class ClosureState
{
    private const BindingFlags AllInstance =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly List<Func<bool>> unchanged = [];
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);

    private ClosureState() { }

    /// <summary>Whether no variable has changed since.</summary>
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
        state.Visit(Surroundings(lambda), isClosure: true);
        return state;
    }

    /// <summary>What a lambda captured; of a compiled function what the user's captured, for its own state is no part of it.</summary>
    private static object? Surroundings(Delegate lambda) =>
        lambda.Target is ICompiled compiled ? Surroundings(compiled.Original) : lambda.Target;

    /// <summary>Takes down what an object holds; follows what leads to closures, and what a closure holds one object further.</summary>
    private void Visit(object? owner, bool isClosure)
    {
        if (owner is null or Tensor or string or MemberInfo || !seen.Add(owner))
            return;
        if (owner is not Array array)
            VisitFields(owner, isClosure);
        else if (array.GetType().GetElementType()!.IsPrimitive)
        {
            byte[] then = Bytes(array).ToArray();
            unchanged.Add(() => Bytes(array).SequenceEqual(then));
        }
        else if (array.Rank == 1)
            for (int i = 0; i < array.Length; i++)
            {
                int place = i;
                Watch(() => array.GetValue(place), isClosure);
            }
    }

    private void VisitFields(object owner, bool isClosure)
    {
        for (Type? type = owner.GetType(); type is not null; type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(AllInstance))
                Watch(() => field.GetValue(owner), isClosure);
    }

    private void Watch(Func<object?> read, bool isClosure)
    {
        object? then = read();
        unchanged.Add(() => IsSame(read(), then));
        if (then is Delegate lambda)
            Visit(Surroundings(lambda), isClosure: true);
        else if (then is not null && !then.GetType().IsValueType)
            if (IsClosure(then.GetType()) is var leadsOn && (leadsOn || isClosure))
                Visit(then, leadsOn);
    }

    /// <summary>Whether a type holds captured variables: C#'s closures, F#'s closures and F#'s cells.</summary>
    private static bool IsClosure(Type type)
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

    private static bool IsSame(object? a, object? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.GetType().IsValueType && a.Equals(b));

    /// <summary>The elements of an array of numbers.</summary>
    private static ReadOnlySpan<byte> Bytes(Array numbers) =>
        MemoryMarshal.CreateReadOnlySpan(
            ref MemoryMarshal.GetArrayDataReference(numbers),
            System.Buffer.ByteLength(numbers)
        );
}
