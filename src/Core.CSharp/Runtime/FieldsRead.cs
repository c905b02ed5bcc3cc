using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Implicit.Transforms;

namespace Implicit.Runtime;

/// <summary>
/// Which variables lambdas use, of those that lie together: C# puts all captured variables of a method into one object, and all of a script,
/// whichever lambda uses which. It is read off the code of the lambdas and of what the compiler made for them (ECMA-335, partition III). Only of
/// variables that hold tensors it matters, which loops replace; every other one counts as used, and where there is doubt, all do.
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
    private readonly HashSet<Type> made = [];

    /// <summary>Whether any variable may be used. Compiled ahead of time no code can be read.</summary>
    private bool isAny = !RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>Rises with what may be used.</summary>
    public int Count => isAny ? int.MaxValue : fields.Count;

    /// <summary>Whether an object holds variables of several lambdas.</summary>
    public static bool AreShared(Type holder) =>
        IsScript(holder) || (IsOfCompiler(holder) && holder.Name.Contains("DisplayClass", StringComparison.Ordinal));

    /// <summary>Whether the lambdas may use a variable. The place where a lambda keeps one within it, once it has run, is none.</summary>
    public bool Contains(FieldInfo field) =>
        !field.Name.StartsWith("<>9__", StringComparison.Ordinal)
        && (isAny || !Holding.MayHold(field.FieldType) || fields.Contains((field.Module, field.MetadataToken)));

    /// <summary>There is code that cannot be read.</summary>
    public void AddAll() => isAny = true;

    /// <summary>Adds what a method uses.</summary>
    public void Add(MethodBase method)
    {
        if (isAny || method.IsAbstract)
            return;
        if (method is DynamicMethod || method.DeclaringType is null)
            isAny = true;
        else if (methods.Add((method.Module, method.MetadataToken)))
            Read(method);
    }

    /// <summary>Adds what an object uses that the compiler made, such as a sequence: others run it.</summary>
    public void Add(Type type)
    {
        if (IsOfCompiler(type) && !AreShared(type) && made.Add(type))
            foreach (MethodInfo part in type.GetMethods(Own))
                Add(part);
    }

    private void Read(MethodBase method)
    {
        byte[]? code = method.GetMethodBody()?.GetILAsByteArray();
        if (code is null)
            isAny = true;
        for (int at = 0; !isAny && at < code!.Length; )
        {
            OpCode next = Codes[code[at] == Prefix ? (short)((Prefix << 8) | code[at + 1]) : code[at]];
            at += next.Size;
            if (
                next.OperandType
                is OperandType.InlineField
                    or OperandType.InlineMethod
                    or OperandType.InlineType
                    or OperandType.InlineTok
            )
                Add(method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)));
            at += SizeOfOperand(next, code.AsSpan(at));
        }
    }

    /// <summary>Adds what is named in the code of a method.</summary>
    private void Add(MethodBase method, int token)
    {
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        try
        {
            Add(method.Module.ResolveMember(token, ofType, ofMethod)!);
        }
        catch (Exception error) when (error is IOException or TypeLoadException or BadImageFormatException)
        {
            // What it is part of is not there, and may never run.
            isAny = true;
        }
    }

    private void Add(MemberInfo member)
    {
        if (member is Type named)
            Add(named);
        if (member is MethodInfo { IsGenericMethod: true } generic)
            // An asynchronous function is a structure that is given to others.
            Array.ForEach(generic.GetGenericArguments(), Add);
        if (member.DeclaringType is not { } type)
            return;
        // A call by name.
        isAny |= type.Name.StartsWith(nameof(CallSite), StringComparison.Ordinal);
        Add(type);
        if (!AreShared(type))
            return;
        if (member is FieldInfo field)
            fields.Add((field.Module, field.MetadataToken));
        if (member is MethodInfo method)
            Add(method);
        if (member is ConstructorInfo)
            // A closure within.
            Array.ForEach(type.GetMethods(Own), Add);
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
