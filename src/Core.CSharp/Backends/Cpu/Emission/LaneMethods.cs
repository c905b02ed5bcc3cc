using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The methods that compute a node for vectors: the same ones from which the interpreter's loops are made, so both give the same bits.
/// </summary>
internal static class LaneMethods
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>A member of the vector type itself.</summary>
    public static MethodInfo Member(Type vector, string name) => Required(vector.GetMethod(name, Any), name);

    /// <summary>A function of one number, to be inlined, or if it is more than arithmetic to be called.</summary>
    public static MethodInfo Of(UnaryIntrinsic intrinsic, Type vector, bool inlined) =>
        inlined || intrinsic < UnaryIntrinsic.Exp
            ? Function(typeof(UnaryFunctions), $"{intrinsic}", vector)
            : Called(nameof(CalledFunctions.Unary), typeof(UnaryFunctions), $"{intrinsic}", vector);

    /// <summary>A function of two numbers, to be inlined, or if it is more than arithmetic to be called.</summary>
    public static MethodInfo Of(BinaryIntrinsic intrinsic, Type vector, bool inlined) =>
        inlined || intrinsic is not (BinaryIntrinsic.Power or BinaryIntrinsic.Atan2)
            ? Function(typeof(BinaryFunctions), $"{intrinsic}", vector)
            : Called(nameof(CalledFunctions.Binary), typeof(BinaryFunctions), $"{intrinsic}", vector);

    /// <summary>One of the three comparisons from which all are made.</summary>
    public static MethodInfo Comparison(BinaryIntrinsic intrinsic, Type vector) =>
        Function(
            typeof(Comparisons),
            intrinsic switch
            {
                BinaryIntrinsic.Equal or BinaryIntrinsic.NotEqual => nameof(Comparisons.Equal),
                BinaryIntrinsic.Less or BinaryIntrinsic.Greater => nameof(Comparisons.Less),
                _ => nameof(Comparisons.LessOrEqual),
            },
            vector
        );

    /// <summary>A conversion between vectors of as many elements.</summary>
    public static MethodInfo Conversion(Type from, Type to) =>
        Array.Find(
            typeof(LaneConversions).GetMethods(Any),
            method => method.ReturnType == to && method.GetParameters()[0].ParameterType == from
        ) ?? throw new NotSupportedException($"conversion of {from} to {to}");

    /// <summary>What makes a vector of so many elements.</summary>
    public static MethodInfo Creation(Type element, int count)
    {
        Type family = (count * Marshal.SizeOf(element)) switch
        {
            64 => typeof(Vector512),
            32 => typeof(Vector256),
            _ => typeof(Vector128),
        };
        Type[] elements = new Type[count];
        Array.Fill(elements, element);
        return Required(family.GetMethod(nameof(Vector512.Create), elements), nameof(Vector512.Create));
    }

    /// <summary>The combination of two vectors, lane by lane.</summary>
    public static MethodInfo Combine(Kernels.Reduction reduction, Type vector) =>
        Function(typeof(Folds), $"{reduction}", vector);

    /// <summary>The combination of a vector's first lanes.</summary>
    public static MethodInfo FoldFirst(Kernels.Reduction reduction, Type vector, Type element) =>
        Fold(nameof(Reduction.FoldFirst), reduction, vector, element);

    /// <summary>The combination of elements in memory.</summary>
    public static MethodInfo Fold(Kernels.Reduction reduction, Type vector, Type element) =>
        Fold(nameof(Reduction.Fold), reduction, vector, element);

    private static MethodInfo Fold(string name, Kernels.Reduction reduction, Type vector, Type element)
    {
        Type fold = typeof(Folds).GetNestedType($"{reduction}", BindingFlags.NonPublic)!;
        return Member(typeof(Reduction), name).MakeGenericMethod(fold, vector, element);
    }

    private static MethodInfo Called(string shape, Type family, string name, Type vector) =>
        Member(typeof(CalledFunctions), shape)
            .MakeGenericMethod(family.GetNestedType(name, BindingFlags.NonPublic)!, vector);

    private static MethodInfo Function(Type family, string name, Type vector) =>
        Required(family.GetNestedType(name, BindingFlags.NonPublic)?.GetMethod("Apply", Any), name)
            .MakeGenericMethod(vector);

    private static MethodInfo Required(MethodInfo? method, string name) =>
        method ?? throw new NotSupportedException($"{name} of vectors");
}
