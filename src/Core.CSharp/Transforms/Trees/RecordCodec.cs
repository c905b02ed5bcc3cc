using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Implicit.Transforms;

/// <summary>
/// Records, structures, and classes whose constructor takes all tensors that they have by the names of properties. Where a record has more than its
/// constructor takes, its fields are its parts, and another one is a copy of it with other ones.
/// </summary>
internal sealed class RecordCodec : ITreeCodec
{
    private readonly Func<object, object?[]> take;
    private readonly Func<object, object?[], object> make;

    private RecordCodec(Func<object, object?[]> take, Func<object, object?[], object> make)
    {
        this.take = take;
        this.make = make;
    }

    public static RecordCodec? TryCreate(Type type)
    {
        if (!IsCandidate(type))
            return null;
        PropertyInfo[] properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        ConstructorInfo? constructor = Array.Find(type.GetConstructors(), one => Taken(one, properties) is not null);
        PropertyInfo[] taken = constructor is null ? [] : Taken(constructor, properties)!;
        FieldInfo[] fields = Holding.Fields(type);
        FieldInfo[] others = Array.FindAll(fields, field => !Array.Exists(taken, property => Keeps(field, property)));
        bool isOurs = type.Assembly == typeof(Tensor).Assembly;
        if (!isOurs && others.Length > 0 && CopierOf(type) is { } copy)
            return OfFields(fields, copy);
        if (constructor is null)
            return null;
        if (!isOurs && Array.Find(others, field => Holding.MayHold(field.FieldType)) is { } lost)
            throw Whole.Refused(type, lost);
        return new RecordCodec(
            value => Array.ConvertAll(taken, property => property.GetValue(value)),
            (_, parts) => constructor.Invoke(parts)
        );
    }

    public object?[] Children(object value) => take(value);

    public object With(object value, object?[] children) => make(value, children);

    /// <summary>
    /// A collection is not what its constructor takes: that of a sorted dictionary takes its comparer, which it has as a property too. Nor are most types of the
    /// runtime.
    /// </summary>
    private static bool IsCandidate(Type type) =>
        Holding.IsOfTheRuntime(type)
            ? type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
            : !typeof(IEnumerable).IsAssignableFrom(type) || CloneOf(type) is not null;

    private static RecordCodec OfFields(FieldInfo[] fields, Func<object, object> copy) =>
        new(
            value => Array.ConvertAll(fields, field => field.GetValue(value)),
            (value, parts) =>
            {
                object made = copy(value);
                for (int i = 0; i < fields.Length; i++)
                    fields[i].SetValue(made, parts[i]);
                return made;
            }
        );

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

    /// <summary>Whether a field is where a property has its value.</summary>
    private static bool Keeps(FieldInfo field, PropertyInfo property) =>
        field.FieldType == property.PropertyType
        && string.Equals(Holding.NameOf(field), property.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The method by which C#'s <c>with</c> copies a record that is a class.</summary>
    private static MethodInfo? CloneOf(Type type) => type.GetMethod("<Clone>$", Type.EmptyTypes);

    /// <summary>How a record is copied as a whole: a structure by boxing it again.</summary>
    private static Func<object, object>? CopierOf(Type type) =>
        CloneOf(type) is { } clone ? value => clone.Invoke(value, null)!
        : type.IsValueType ? value => RuntimeHelpers.GetObjectValue(value)!
        : null;
}
