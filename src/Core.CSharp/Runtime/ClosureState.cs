using System.Reflection;
using System.Runtime.CompilerServices;

namespace Implicit.Runtime;

/// <summary>
/// What a lambda sees of its surroundings at one moment: the variables that it captured, those of the lambdas that it captured, and the fields
/// of the objects among them. A function that is traced once is traced again when one of them has changed.
/// </summary>
internal sealed class ClosureState
{
    private const BindingFlags AllInstance =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly List<(Func<object?> Read, object? Value)> variables = [];
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);

    private ClosureState() { }

    /// <summary>Whether no variable has changed since.</summary>
    public bool IsCurrent
    {
        get
        {
            foreach ((Func<object?> read, object? value) in variables)
                if (!IsSame(read(), value))
                    return false;
            return true;
        }
    }

    public static ClosureState Of(Delegate lambda)
    {
        var state = new ClosureState();
        state.Visit(lambda.Target, isClosure: true);
        return state;
    }

    /// <summary>Takes down all fields of an object; follows those that lead to closures, and those of a closure one object further.</summary>
    private void Visit(object? owner, bool isClosure)
    {
        if (owner is null or Tensor or string or MemberInfo || !seen.Add(owner))
            return;
        if (owner is Array { Rank: 1 } array)
            for (int i = 0; i < array.Length; i++)
            {
                int place = i;
                Watch(() => array.GetValue(place), isClosure);
            }
        for (Type? type = owner.GetType(); type is not null && !owner.GetType().IsArray; type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(AllInstance))
                Watch(() => field.GetValue(owner), isClosure);
    }

    private void Watch(Func<object?> read, bool isClosure)
    {
        object? value = read();
        variables.Add((read, value));
        if (value is Delegate lambda)
            Visit(lambda.Target, isClosure: true);
        else if (value is not null && !value.GetType().IsValueType)
            if (IsClosure(value.GetType()) is var leadsOn && (leadsOn || isClosure))
                Visit(value, leadsOn);
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
}
