using System.Collections;
using System.Reflection;

namespace Implicit.Transforms;

/// <summary>Whether objects of two trees, functions among them, are the same to who computes with them: one may then stand for the other.</summary>
internal static class Sameness
{
    /// <summary>Objects within objects beyond this are taken for different: what refers to itself has no end.</summary>
    private const int Deepest = 16;

    /// <summary>Whether two objects are one, are equal, or have the same in all fields. Of functions, the same code with the same captured.</summary>
    public static bool Of(object? a, object? b) => Of(a, b, Deepest);

    private static bool Of(object? a, object? b, int depth)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a is null || b is null || a is Tensor || depth == 0)
            return false;
        if (a is Delegate one && b is Delegate other)
            return AreSame(one.GetInvocationList(), other.GetInvocationList(), depth - 1);
        if (a.GetType() != b.GetType())
            return AreOneFunction(a.GetType(), b.GetType());
        if (a is ValueType)
            return Tree.AreSame(a, b) || HaveSameFields(a, b, depth);
        if (a.Equals(b))
            return true;
        if (a is string or MemberInfo)
            return false;
        return a is Array elements ? HaveSameElements(elements, (Array)b, depth) : HaveSameFields(a, b, depth);
    }

    private static bool AreSame(Delegate[] a, Delegate[] b, int depth) =>
        a.Length == b.Length
        && a.Zip(b)
            .All(pair =>
                HaveOneCode(pair.First.Method, pair.Second.Method) && Of(pair.First.Target, pair.Second.Target, depth)
            );

    /// <summary>F# makes a class of each place that names a function: two that capture nothing are one function if their methods are.</summary>
    private static bool AreOneFunction(Type a, Type b)
    {
        if (
            a.BaseType != b.BaseType
            || a.BaseType == typeof(object)
            || Holding.Fields(a).Length > 0
            || Holding.Fields(b).Length > 0
        )
            return false;
        MethodInfo[] methods = Own(a);
        MethodInfo[] others = Own(b);
        return methods.Length > 0
            && methods.Length == others.Length
            && methods.Zip(others).All(pair => HaveOneCode(pair.First, pair.Second));

        static MethodInfo[] Own(Type type) =>
            type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);
    }

    /// <summary>Within a module the same instructions name the same members.</summary>
    private static bool HaveOneCode(MethodInfo a, MethodInfo b) =>
        a == b
        || (
            a.Module == b.Module
            && a.ToString() == b.ToString()
            && a.GetMethodBody()?.GetILAsByteArray() is { } code
            && b.GetMethodBody()?.GetILAsByteArray() is { } other
            && code.AsSpan().SequenceEqual(other)
        );

    private static bool HaveSameElements(Array a, Array b, int depth)
    {
        if (a.Rank != b.Rank || !Enumerable.Range(0, a.Rank).All(axis => a.GetLength(axis) == b.GetLength(axis)))
            return false;
        IEnumerator others = b.GetEnumerator();
        foreach (object? element in a)
            if (!others.MoveNext() || !Of(element, others.Current, depth - 1))
                return false;
        return true;
    }

    /// <summary>Numbers have no fields of their own to look at, and neither have pointers.</summary>
    private static bool HaveSameFields(object a, object b, int depth) =>
        !a.GetType().IsPrimitive
        && Array.TrueForAll(
            Holding.Fields(a.GetType()),
            field => !field.FieldType.IsPointer && Of(field.GetValue(a), field.GetValue(b), depth - 1)
        );
}
