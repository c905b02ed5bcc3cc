using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Implicit.Transforms;

/// <summary>
/// Records of C#, and other types with a constructor that takes their properties by name. Where a record has more properties than that, another one is a
/// copy of it with other parts.
/// </summary>
internal sealed class RecordCodec : ITreeCodec
{
    private readonly PropertyInfo[] properties;
    private readonly Func<object, object?[], object> make;

    private RecordCodec(PropertyInfo[] properties, Func<object, object?[], object> make)
    {
        this.properties = properties;
        this.make = make;
    }

    public static RecordCodec? TryCreate(Type type)
    {
        if (!IsCandidate(type))
            return null;
        PropertyInfo[] all = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        ConstructorInfo? constructor = Array.Find(type.GetConstructors(), one => Taken(one, all) is not null);
        PropertyInfo[] taken = constructor is null ? [] : Taken(constructor, all)!;
        // What the constructor does not take would be lost with it.
        PropertyInfo[] others = [.. all.Except(taken).Where(property => IsSettable(property) && IsHeld(property))];
        if (others.Length == 0)
            return constructor is null ? null : new RecordCodec(taken, (_, parts) => constructor.Invoke(parts));
        PropertyInfo[] held = [.. taken, .. others];
        return CopierOf(type) is { } copy && Array.TrueForAll(taken, IsSettable)
            ? new RecordCodec(held, (value, parts) => Filled(copy(value), held, parts))
            : null;
    }

    public object?[] Children(object value) => Array.ConvertAll(properties, property => property.GetValue(value));

    public object With(object value, object?[] children) => make(value, children);

    /// <summary>
    /// A collection is not what its constructor takes: that of a sorted dictionary takes its comparer, which it has as a property too. Nor are most types of the
    /// runtime.
    /// </summary>
    private static bool IsCandidate(Type type) =>
        type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal))
            ? type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
            : !typeof(IEnumerable).IsAssignableFrom(type) || CloneOf(type) is not null;

    /// <summary>The method by which C#'s <c>with</c> copies a record that is a class.</summary>
    private static MethodInfo? CloneOf(Type type) => type.GetMethod("<Clone>$", Type.EmptyTypes);

    /// <summary>The properties that a constructor takes, if it takes nothing else.</summary>
    private static PropertyInfo[]? Taken(ConstructorInfo constructor, PropertyInfo[] all)
    {
        ParameterInfo[] parameters = constructor.GetParameters();
        PropertyInfo[] found = [.. parameters.Select(Named).OfType<PropertyInfo>()];
        return found.Length > 0 && found.Length == parameters.Length ? found : null;

        PropertyInfo? Named(ParameterInfo parameter) =>
            Array.Find(
                all,
                property =>
                    string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                    && property.PropertyType == parameter.ParameterType
            );
    }

    private static bool IsSettable(PropertyInfo property) => property.SetMethod is { IsPublic: true };

    /// <summary>Whether a property has a place of its own, and is not computed from others.</summary>
    private static bool IsHeld(PropertyInfo property) =>
        property.DeclaringType?.GetField(
            $"<{property.Name}>k__BackingField",
            BindingFlags.Instance | BindingFlags.NonPublic
        )
            is not null;

    /// <summary>How a record is copied as a whole: a structure by boxing it again.</summary>
    private static Func<object, object>? CopierOf(Type type) =>
        CloneOf(type) is { } clone ? value => clone.Invoke(value, null)!
        : type.IsValueType ? value => RuntimeHelpers.GetObjectValue(value)!
        : null;

    private static object Filled(object copy, PropertyInfo[] held, object?[] parts)
    {
        for (int i = 0; i < held.Length; i++)
            held[i].SetValue(copy, parts[i]);
        return copy;
    }
}
