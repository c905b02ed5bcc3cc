using System.Collections;
using System.Runtime.CompilerServices;

namespace Implicit.Transforms;

/// <summary>C#'s trees: arrays, lists, tuples, dictionaries by key order, and records, which are copied through their constructor.</summary>
internal static class CSharpTrees
{
    public static ITreeCodec? CodecFor(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || typeof(Delegate).IsAssignableFrom(type)
            ? ConstantCodec.Instance
        : type.IsArray ? new ArrayCodec(type.GetElementType()!)
        : IsGeneric(type, typeof(List<>)) ? new ListCodec()
        : IsGeneric(type, typeof(Dictionary<,>)) ? new DictionaryCodec()
        : typeof(ITuple).IsAssignableFrom(type) ? new TupleCodec(type)
        : RecordCodec.TryCreate(type);

    private static bool IsGeneric(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private sealed class ArrayCodec(Type element) : ITreeCodec
    {
        private readonly bool isConstant = element.IsPrimitive || element == typeof(string);

        public object?[] Children(object value)
        {
            if (isConstant)
                return [];
            if (value is not object?[] parts)
                return [.. ((Array)value).Cast<object?>()];
            var children = new object?[parts.Length];
            parts.CopyTo(children, 0);
            return children;
        }

        public object With(object value, object?[] children)
        {
            var copy = (Array)((Array)value).Clone();
            if (copy is object?[] parts)
            {
                children.CopyTo(parts, 0);
                return parts;
            }
            int[] index = new int[copy.Rank];
            foreach (object? child in children)
            {
                copy.SetValue(child, index);
                for (int axis = copy.Rank - 1; axis >= 0 && ++index[axis] == copy.GetLength(axis) && axis > 0; axis--)
                    index[axis] = 0;
            }
            return copy;
        }
    }

    private sealed class ListCodec : ITreeCodec
    {
        public object?[] Children(object value) => [.. ((IList)value).Cast<object?>()];

        public object With(object value, object?[] children)
        {
            var copy = (IList)Activator.CreateInstance(value.GetType())!;
            foreach (object? child in children)
                copy.Add(child);
            return copy;
        }
    }

    private sealed class DictionaryCodec : ITreeCodec
    {
        public object?[] Children(object value)
        {
            var dictionary = (IDictionary)value;
            return [.. Keys(dictionary).Select(key => dictionary[key])];
        }

        public object With(object value, object?[] children)
        {
            var copy = (IDictionary)Activator.CreateInstance(value.GetType())!;
            foreach ((object key, object? child) in Keys((IDictionary)value).Zip(children))
                copy[key] = child;
            return copy;
        }

        public object Kind(object value) => new TreeKeys(Keys((IDictionary)value));

        private static object[] Keys(IDictionary dictionary)
        {
            object[] keys = [.. dictionary.Keys.Cast<object>()];
            return AreInOrder(keys) ? keys : [.. keys.Order()];
        }

        /// <summary>Often they are, and it takes a fraction of the comparisons of sorting to see it.</summary>
        private static bool AreInOrder(object[] keys)
        {
            for (int i = 1; i < keys.Length; i++)
                if (Comparer<object>.Default.Compare(keys[i - 1], keys[i]) > 0)
                    return false;
            return true;
        }
    }

    private sealed class TupleCodec(Type type) : ITreeCodec
    {
        public object?[] Children(object value)
        {
            var tuple = (ITuple)value;
            var children = new object?[tuple.Length];
            for (int i = 0; i < children.Length; i++)
                children[i] = tuple[i];
            return children;
        }

        public object With(object value, object?[] children) => Create(type, children);

        /// <summary>Tuples of more than seven parts keep the rest in an inner tuple.</summary>
        private static object Create(Type type, ReadOnlySpan<object?> parts) =>
            parts.Length <= 7
                ? Activator.CreateInstance(type, parts.ToArray())!
                : Activator.CreateInstance(type, [.. parts[..7], Create(type.GetGenericArguments()[7], parts[7..])])!;
    }
}
