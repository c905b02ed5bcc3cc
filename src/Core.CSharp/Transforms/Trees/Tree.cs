using System.Collections.Concurrent;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>
/// Parameters as users hold them: records, tuples, lists, arrays, options, unions, nested at will, with tensors at the
/// leaves. What is neither a tensor nor made of tensors (a number, a text, a function) stays as it is.
/// </summary>
internal static class Tree
{
    private static readonly ConcurrentDictionary<Type, ITreeCodec> Codecs = new();
    private static readonly List<Func<Type, ITreeCodec?>> Languages = [CSharpTrees.CodecFor];

    /// <summary>Teaches the types of another language; later teachers are asked first.</summary>
    public static void Register(Func<Type, ITreeCodec?> language)
    {
        lock (Languages)
        {
            Languages.Insert(0, language);
            Codecs.Clear();
        }
    }

    /// <summary>The tensors of a tree, in order.</summary>
    public static Tensor[] Leaves(object? tree)
    {
        if (tree is Tensor single)
            return [single];
        var leaves = new List<Tensor>();
        Collect(tree, leaves);
        return [.. leaves];
    }

    /// <summary>A tree of the same form with other tensors.</summary>
    public static T With<T>(T tree, ReadOnlySpan<Tensor> leaves)
    {
        int next = 0;
        object? built = Build(tree, leaves, ref next);
        if (next != leaves.Length)
            Throw.Error("tree", $"there must be as many leaves as the tree has ({next})", $"{leaves.Length}");
        return (T)built!;
    }

    /// <summary>Whether two trees differ in their tensors only: what stays as it is in them is the same.</summary>
    public static bool HaveOneForm(object? a, object? b)
    {
        if (ReferenceEquals(a, b) || (a is Tensor && b is Tensor))
            return true;
        if (a is null or Tensor || b is null or Tensor || a.GetType() != b.GetType())
            return false;
        ITreeCodec codec = CodecOf(a.GetType());
        object?[] children = codec.Children(a);
        object?[] others = codec.Children(b);
        if (children.Length != others.Length || !Equals(codec.Kind(a), codec.Kind(b)))
            return false;
        for (int i = 0; i < children.Length; i++)
            if (!HaveOneForm(children[i], others[i]))
                return false;
        return children.Length > 0 || AreSame(a, b);
    }

    /// <summary>Whether what stays as it is in two trees is the same to who computes with it: 0 and −0 are equal, and 1/0 and 1/−0 are not.</summary>
    public static bool AreSame(object a, object b) =>
        (a, b) switch
        {
            (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
            (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
            _ => a.Equals(b),
        };

    /// <summary>The parts of a tree; none of a tensor and of what stays as it is.</summary>
    public static object?[] Children(object? tree) =>
        tree is null or Tensor ? [] : CodecOf(tree.GetType()).Children(tree);

    /// <summary>What tells trees of one type apart beside their parts (<see cref="ITreeCodec.Kind"/>).</summary>
    public static object? Kind(object? tree) => tree is null or Tensor ? null : CodecOf(tree.GetType()).Kind(tree);

    /// <summary>What stays as it is in a tree.</summary>
    public static IEnumerable<object> Constants(object? tree)
    {
        if (tree is null or Tensor)
            return [];
        object?[] children = CodecOf(tree.GetType()).Children(tree);
        return children.Length == 0 ? [tree] : children.SelectMany(Constants);
    }

    internal static void Collect(object? tree, List<Tensor> leaves)
    {
        if (tree is Tensor leaf)
            leaves.Add(leaf);
        else if (tree is not null)
            foreach (object? child in CodecOf(tree.GetType()).Children(tree))
                Collect(child, leaves);
    }

    internal static object? Build(object? tree, ReadOnlySpan<Tensor> leaves, ref int next)
    {
        if (tree is Tensor)
            return next < leaves.Length
                ? leaves[next++]
                : Throw.Error<object>("tree", "there must be as many leaves as the tree has", $"{leaves.Length}");
        if (tree is null)
            return null;
        ITreeCodec codec = CodecOf(tree.GetType());
        object?[] children = codec.Children(tree);
        if (children.Length == 0)
            return tree;
        for (int i = 0; i < children.Length; i++)
            children[i] = Build(children[i], leaves, ref next);
        return codec.With(tree, children);
    }

    private static ITreeCodec CodecOf(Type type)
    {
        if (Codecs.TryGetValue(type, out ITreeCodec? known))
            return known;
        // One that is found before a language is registered must not be entered after that.
        lock (Languages)
            return Codecs[type] = Find(type);
    }

    private static ITreeCodec Find(Type type)
    {
        foreach (Func<Type, ITreeCodec?> language in Languages)
            if (language(type) is { } codec)
                return codec;
        return Whole.CodecOf(type);
    }
}

/// <summary>How values of one type are taken apart and put together.</summary>
internal interface ITreeCodec
{
    /// <summary>The parts, in a fixed order, in a new array; none for a value that stays as it is.</summary>
    object?[] Children(object value);

    /// <summary>The value with other parts.</summary>
    object With(object value, object?[] children);

    /// <summary>What tells values of the type apart beside their parts: the keys of these, or the case of a union; null if nothing does. It prints what it is.</summary>
    object? Kind(object value) => null;
}

/// <summary>Values without tensors inside.</summary>
internal sealed class ConstantCodec : ITreeCodec
{
    public static readonly ConstantCodec Instance = new();

    public object?[] Children(object value) => [];

    public object With(object value, object?[] children) => value;
}
