using System.Reflection;
using System.Text;
using Microsoft.FSharp.Core;
using Microsoft.FSharp.Reflection;

namespace Implicit.Testing;

/// <summary>An assembly's public surface as text: one paragraph a type, one line a member, in alphabetical order.</summary>
public static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly FSharpOption<BindingFlags> PublicOnly = FSharpOption<BindingFlags>.Some(
        BindingFlags.Public
    );

    /// <summary>The text for one assembly.</summary>
    public static string Of(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return string.Join(
            '\n',
            assembly
                .GetExportedTypes()
                .Where(type => !Written(type) && !IsUnion(type.DeclaringType))
                .OrderBy(type => type.FullName, StringComparer.Ordinal)
                .Select(Paragraph)
        );
    }

    private static string Paragraph(Type type)
    {
        StringBuilder text = new(ApiNames.Header(type) + "\n");
        IEnumerable<string> members =
            type.IsEnum ? Enum.GetNames(type)
            : typeof(Delegate).IsAssignableFrom(type) ? []
            : Cases(type)
                .Concat(type.GetMembers(Declared).Where(Seen).Select(ApiNames.Member).Order(StringComparer.Ordinal));
        foreach (string member in members)
        {
            text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsUnion(Type? type) => type is not null && FSharpType.IsUnion(type, PublicOnly);

    private static IEnumerable<string> Cases(Type type) =>
        IsUnion(type) ? FSharpType.GetUnionCases(type, PublicOnly).Select(ApiNames.Case) : [];

    private static bool Seen(MemberInfo member) =>
        !Written(member)
        && member switch
        {
            FieldInfo field => field.IsPublic || IsProtected(field.IsFamily, field.DeclaringType!),
            // Accessors show with their property; operators and active patterns are special names that do show.
            MethodInfo method => (method.IsPublic || IsProtected(method.IsFamily, method.DeclaringType!))
                && (
                    !method.IsSpecialName
                    || method.Name.StartsWith("op_", StringComparison.Ordinal)
                    || method.Name.Contains('|')
                ),
            ConstructorInfo constructor => constructor.IsPublic
                || IsProtected(constructor.IsFamily, constructor.DeclaringType!),
            PropertyInfo property => property.GetAccessors().Length > 0,
            EventInfo => true,
            _ => false,
        };

    private static bool IsProtected(bool family, Type type) => family && !type.IsSealed;

    // What a compiler adds on its own: a record's equality, a union's tags, the twin of an inline F# function that takes witnesses.
    private static bool Written(MemberInfo member) =>
        member.Name.EndsWith("$W", StringComparison.Ordinal)
        || member.CustomAttributes.Any(attribute =>
            attribute.AttributeType.Name is "CompilerGeneratedAttribute" or "DebuggerNonUserCodeAttribute"
        );
}
