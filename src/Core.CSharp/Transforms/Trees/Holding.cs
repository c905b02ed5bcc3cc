using System.Reflection;

namespace Implicit.Transforms;

/// <summary>Which types may hold tensors, by their fields and what these may hold.</summary>
internal static class Holding
{
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>All fields of a type, those of the types that it derives from first.</summary>
    public static FieldInfo[] Fields(Type type) =>
        type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
            ? [.. Fields(parent), .. type.GetFields(Own)]
            : type.GetFields(Own);

    /// <summary>The first field that may hold tensors; null if none does.</summary>
    public static FieldInfo? FieldOf(Type type) => Array.Find(Fields(type), field => MayHold(field.FieldType, [type]));

    /// <summary>A field's name as the source has it: compilers put the property or parameter that it stands for between others.</summary>
    public static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name.Trim('_', '@');

    /// <summary>Whether values of a type may hold tensors. Of an interface, or of <c>object</c>, it is not known, and not assumed.</summary>
    public static bool MayHold(Type type) => MayHold(type, []);

    /// <summary>Whether a type is one of the runtime's.</summary>
    public static bool IsOfTheRuntime(Type type) =>
        type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));

    private static bool MayHold(Type type, HashSet<Type> seen)
    {
        if (type == typeof(Tensor) || type == typeof(RandomKey))
            return true;
        if (
            type.IsPrimitive
            || type.IsEnum
            || type.IsPointer
            || typeof(Delegate).IsAssignableFrom(type)
            || !seen.Add(type)
        )
            return false;
        if (type.IsArray)
            return MayHold(type.GetElementType()!, seen);
        if (Array.Exists(type.GetGenericArguments(), argument => MayHold(argument, seen)))
            return true;
        if (Array.Exists(type.GetInterfaces(), one => one.IsGenericType && IsSequence(one) && MayHold(one, seen)))
            return true;
        // What this library makes knows what becomes of its tensors.
        return !IsOfTheRuntime(type)
            && type.Assembly != typeof(Tensor).Assembly
            && Array.Exists(Fields(type), field => MayHold(field.FieldType, seen));
    }

    private static bool IsSequence(Type type) => type.GetGenericTypeDefinition() == typeof(IEnumerable<>);
}
