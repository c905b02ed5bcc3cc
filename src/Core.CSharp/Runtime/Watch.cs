using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Implicit.Runtime;

/// <summary>One thing that a function captured, as it was when the function was traced. Looking at it again makes no objects.</summary>
internal abstract class Watch
{
    /// <summary>Whether it is as it was.</summary>
    public abstract bool Holds { get; }

    /// <summary>A field of an object.</summary>
    public static Watch Field(object owner, FieldInfo field) =>
        field.FieldType.IsValueType
            ? Create(typeof(ValueField<>), [field.FieldType], owner, field)
            : new ReferenceField(owner, field);

    /// <summary>The elements of an array of any rank.</summary>
    public static Watch Elements(Array array) =>
        Create(typeof(ArrayElements<>), [array.GetType().GetElementType()!], array);

    /// <summary>The elements of what is a list, a dictionary or another collection.</summary>
    public static Watch Elements(object collection, Type element)
    {
        Type type = collection.GetType();
        Type? definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(List<>) ? Create(typeof(ListElements<>), [element], collection)
            : definition == typeof(Dictionary<,>) ? Create(typeof(Entries<,>), type.GetGenericArguments(), collection)
            : Create(typeof(Sequence<>), [element], collection);
    }

    private static Watch Create(Type definition, Type[] types, params object[] arguments) =>
        (Watch)Activator.CreateInstance(definition.MakeGenericType(types), arguments)!;

    /// <summary>
    /// Objects are the same if they are one object: what they hold is watched on its own. Values are the same by their bits, whatever their type calls
    /// equal: 0 and −0 are, and 1/0 and 1/−0 are not.
    /// </summary>
    private static bool IsSame<T>(T a, T b) =>
        !typeof(T).IsValueType ? ReferenceEquals(a, b)
        : RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? Parts<T>.AreSame(a, b)
        : HaveSameBits(new ReadOnlySpan<T>(in a), new ReadOnlySpan<T>(in b));

    private static bool AreSame<T>(ReadOnlySpan<T> now, ReadOnlySpan<T> then)
    {
        if (now.Length != then.Length)
            return false;
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            return HaveSameBits(now, then);
        for (int i = 0; i < now.Length; i++)
            if (!IsSame(now[i], then[i]))
                return false;
        return true;
    }

    private static bool HaveSameBits<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) => Bytes(a).SequenceEqual(Bytes(b));

    private static ReadOnlySpan<byte> Bytes<T>(ReadOnlySpan<T> values) =>
        MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values)),
            values.Length * Unsafe.SizeOf<T>()
        );

    /// <summary>A value that holds objects beside others: it is the same if all its fields are.</summary>
    private static class Parts<T>
    {
        public static readonly Func<T, T, bool> AreSame = Compare();

        private static Func<T, T, bool> Compare()
        {
            ParameterExpression a = Expression.Parameter(typeof(T));
            ParameterExpression b = Expression.Parameter(typeof(T));
            Expression all = ClosureState
                .Fields(typeof(T))
                .Select(field =>
                    (Expression)
                        Expression.Call(
                            typeof(Watch),
                            nameof(IsSame),
                            [field.FieldType],
                            Expression.Field(a, field),
                            Expression.Field(b, field)
                        )
                )
                .Aggregate(Expression.AndAlso);
            return Expression.Lambda<Func<T, T, bool>>(all, a, b).Compile();
        }
    }

    private sealed class ReferenceField(object owner, FieldInfo place) : Watch
    {
        private readonly object? then = place.GetValue(owner);

        public override bool Holds => ReferenceEquals(place.GetValue(owner), then);
    }

    /// <summary>A number, say; reflection would box it in each call.</summary>
    private sealed class ValueField<T> : Watch
    {
        private readonly object owner;
        private readonly Func<object, T> read;
        private readonly T then;

        public ValueField(object owner, FieldInfo field)
        {
            this.owner = owner;
            ParameterExpression holder = Expression.Parameter(typeof(object));
            Expression value = Expression.Field(Expression.Convert(holder, field.DeclaringType!), field);
            read = Expression.Lambda<Func<object, T>>(value, holder).Compile();
            then = read(owner);
        }

        public override bool Holds => IsSame(read(owner), then);
    }

    private sealed class ArrayElements<T> : Watch
    {
        private readonly Array array;
        private readonly T[] then;

        public ArrayElements(Array array)
        {
            this.array = array;
            then = Now.ToArray();
        }

        public override bool Holds => AreSame(Now, then);

        private ReadOnlySpan<T> Now =>
            MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)),
                array.Length
            );
    }

    private sealed class ListElements<T>(List<T> list) : Watch
    {
        private readonly T[] then = [.. list];

        public override bool Holds => AreSame<T>(CollectionsMarshal.AsSpan(list), then);
    }

    /// <summary>Whoever changes a collection while it is looked at has changed it.</summary>
    private abstract class Enumerated : Watch
    {
        public sealed override bool Holds
        {
            get
            {
                try
                {
                    return HoldsAlone;
                }
                catch (InvalidOperationException)
                {
                    return false;
                }
            }
        }

        /// <summary>Whether it is as it was, if nobody changes it meanwhile.</summary>
        protected abstract bool HoldsAlone { get; }
    }

    private sealed class Entries<TKey, TValue>(Dictionary<TKey, TValue> dictionary) : Enumerated
        where TKey : notnull
    {
        private readonly KeyValuePair<TKey, TValue>[] then = [.. dictionary];

        protected override bool HoldsAlone
        {
            get
            {
                if (dictionary.Count != then.Length)
                    return false;
                int next = 0;
                foreach ((TKey key, TValue value) in dictionary)
                {
                    KeyValuePair<TKey, TValue> old = then[next++];
                    if (!IsSame(key, old.Key) || !IsSame(value, old.Value))
                        return false;
                }
                return true;
            }
        }
    }

    /// <summary>Any other collection: of this an enumerator is made in each call.</summary>
    private sealed class Sequence<T>(IReadOnlyCollection<T> collection) : Enumerated
    {
        private readonly T[] then = [.. collection];

        protected override bool HoldsAlone
        {
            get
            {
                int next = 0;
                foreach (T element in collection)
                    if (next == then.Length || !IsSame(element, then[next++]))
                        return false;
                return next == then.Length;
            }
        }
    }
}
