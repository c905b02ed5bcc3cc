using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Implicit.Runtime;

/// <summary>
/// Which variables lambdas use, of those that lie together: C# puts all captured variables of a method into one object, and all of a script,
/// whichever lambda uses which. It is read off the code of the lambdas and of what the compiler made for them (ECMA-335, partition III).
/// </summary>
internal sealed class FieldsRead
{
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Codes of two bytes begin with this one.</summary>
    private const byte Prefix = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    private readonly HashSet<(Module, int)> fields = [];
    private readonly HashSet<(Module, int)> methods = [];

    /// <summary>Whether there is code that cannot be read: it may use any variable. Compiled ahead of time none can.</summary>
    private bool isAny = !RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>Whether an object holds variables of several lambdas.</summary>
    public static bool AreShared(Type holder) =>
        IsScript(holder) || (IsOfCompiler(holder) && holder.Name.Contains("DisplayClass", StringComparison.Ordinal));

    /// <summary>Whether the lambdas use a variable. The place where a lambda keeps one within it, once it has run, is none.</summary>
    public bool Contains(FieldInfo field) =>
        !field.Name.StartsWith("<>9__", StringComparison.Ordinal)
        && (isAny || fields.Contains((field.Module, field.MetadataToken)));

    /// <summary>Adds what a lambda uses.</summary>
    /// <returns>Whether it may use more than those before.</returns>
    public bool Add(Delegate lambda)
    {
        (int before, bool wasAny) = (fields.Count, isAny);
        Read(lambda.Method);
        return fields.Count > before || isAny != wasAny;
    }

    /// <summary>Adds what a sequence, or another object that the compiler made, uses: others run it.</summary>
    /// <returns>Whether it may use more than was known.</returns>
    public bool Add(Type made)
    {
        (int before, bool wasAny) = (fields.Count, isAny);
        if (IsOfCompiler(made) && !AreShared(made))
            foreach (MethodInfo part in made.GetMethods(Own))
                Read(part);
        return fields.Count > before || isAny != wasAny;
    }

    private void Read(MethodBase method)
    {
        if (method.DeclaringType is null || (!method.IsAbstract && method.GetMethodBody() is null))
            isAny = true;
        else if (!isAny && methods.Add((method.Module, method.MetadataToken)))
            foreach (MemberInfo member in MembersIn(method))
                Read(member);
    }

    private void Read(MemberInfo member)
    {
        if (member.DeclaringType is not { } type || !(IsOfCompiler(type) || IsScript(type)))
            return;
        if (member is FieldInfo field)
            fields.Add((field.Module, field.MetadataToken));
        else if (member is MethodBase method)
            Read(method);
        // A sequence, or a closure within, is run by others.
        if (member is ConstructorInfo)
            foreach (MethodInfo part in type.GetMethods(Own))
                Read(part);
    }

    /// <summary>The fields and methods that are named in the code of a method.</summary>
    private static IEnumerable<MemberInfo> MembersIn(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length; )
        {
            OpCode next = Codes[code[at] == Prefix ? (short)((Prefix << 8) | code[at + 1]) : code[at]];
            at += next.Size;
            if (next.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok)
                yield return method.Module.ResolveMember(
                    BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)),
                    ofType,
                    ofMethod
                )!;
            at += SizeOfOperand(next, code.AsSpan(at));
        }
    }

    private static int SizeOfOperand(OpCode code, ReadOnlySpan<byte> operand) =>
        code.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 * (1 + BinaryPrimitives.ReadInt32LittleEndian(operand)),
            _ => 4,
        };

    /// <summary>Such names are none of a source; not all of these types have the attribute that says so.</summary>
    private static bool IsOfCompiler(Type type) => type.Name.StartsWith('<');

    private static bool IsScript(Type type) => type.Name.StartsWith("Submission#", StringComparison.Ordinal);
}
