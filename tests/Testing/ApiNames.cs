using System.Globalization;
using System.Reflection;
using Microsoft.FSharp.Reflection;

namespace Implicit.Testing;

/// <summary>How <see cref="PublicApi"/> writes types and members: C# words, F# arrows for F# functions.</summary>
internal static class ApiNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    public static string Header(Type type)
    {
        string bases = string.Join(
            ", ",
            new[] { type.BaseType }
                .Where(parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType))
                .Select(parent => Name(parent!))
        );
        return $"{Kind(type)} {type.Namespace}.{Name(type)}" + (bases.Length > 0 && !type.IsEnum ? $" : {bases}" : "");
    }

    private static string Kind(Type type) =>
        type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };

    public static string Member(MemberInfo member) =>
        member switch
        {
            FieldInfo { IsLiteral: true } field =>
                $"const {Name(field.FieldType)} {field.Name} = {Value(field.GetRawConstantValue())}",
            FieldInfo field =>
                $"{Static(field.IsStatic)}{Typed(field.FieldType, Nullability.Create(field).ReadState)} {field.Name}",
            PropertyInfo property => Property(property),
            ConstructorInfo constructor => $"new({Parameters(constructor)})",
            MethodInfo method => Method(method),
            _ => $"{member.MemberType} {member.Name}",
        };

    public static string Case(UnionCaseInfo value)
    {
        string fields = string.Join(
            ", ",
            value.GetFields().Select(field => $"{Name(field.PropertyType)} {field.Name}")
        );
        return fields.Length == 0 ? $"| {value.Name}" : $"| {value.Name} of {fields}";
    }

    private static string Property(PropertyInfo property)
    {
        MethodInfo accessor = property.GetAccessors()[0];
        ParameterInfo[] index = property.GetIndexParameters();
        string name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
        string set =
            property.SetMethod is not { IsPublic: true } setter ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Any(mark => mark.Name == "IsExternalInit") ? " init;"
            : " set;";
        string type = Typed(property.PropertyType, Nullability.Create(property).ReadState);
        return $"{Static(accessor.IsStatic)}{type} {name} {{ get;{set} }}";
    }

    private static string Method(MethodInfo method)
    {
        string generics = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>"
            : "";
        string type = Typed(method.ReturnType, Nullability.Create(method.ReturnParameter).ReadState);
        string kind =
            method.IsStatic ? "static "
            : method.IsAbstract ? "abstract "
            : "";
        return $"{kind}{type} {method.Name}{generics}({Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string mark = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        string value = parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "";
        return $"{mark}{Typed(parameter.ParameterType, Nullability.Create(parameter).ReadState)} {parameter.Name}{value}";
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Value(object? value) =>
        value switch
        {
            null => "default",
            string text => $"\"{text}\"",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string Typed(Type type, NullabilityState state) =>
        Name(type) + (state == NullabilityState.Nullable && !type.IsValueType ? "?" : "");

    private static string Name(Type type)
    {
        if (Words.TryGetValue(type, out string? word))
        {
            return word;
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsByRef || type.IsPointer)
        {
            return Name(type.GetElementType()!) + (type.IsByRef ? "&" : "*");
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        string outer = type is { IsNested: true, IsGenericParameter: false } ? Plain(type.DeclaringType!) + "." : "";
        return outer + (type.IsGenericType ? Generic(type) : type.Name);
    }

    private static string Generic(Type type)
    {
        string[] arguments = [.. type.GetGenericArguments().Select(Name)];
        return type.Name switch
        {
            "FSharpFunc`2" => $"({arguments[0]} -> {arguments[1]})",
            "FSharpList`1" => $"list<{arguments[0]}>",
            "FSharpOption`1" => $"option<{arguments[0]}>",
            _ when type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
                    || type.Name.StartsWith("Tuple`", StringComparison.Ordinal) => $"({string.Join(", ", arguments)})",
            _ => $"{Plain(type)}<{string.Join(", ", arguments)}>",
        };
    }

    private static string Plain(Type type) => type.Name.Split('`')[0];
}
