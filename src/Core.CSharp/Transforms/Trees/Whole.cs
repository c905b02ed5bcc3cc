using System.Reflection;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>
/// Types that have no parts for a tree: their values stay as they are. One that visibly holds tensors is refused, for these would silently be constants.
/// </summary>
internal static class Whole
{
    private const BindingFlags OwnFields =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static ITreeCodec CodecOf(Type type) =>
        HoldsTensors(type)
            ? Throw.Error<ITreeCodec>(
                "tree",
                "tensors must be in records, tuples, arrays, lists (List<T>) or dictionaries (Dictionary<TKey, TValue>), which can be made anew with others",
                type.Name
            )
            : ConstantCodec.Instance;

    /// <summary>What this library makes knows what becomes of its tensors.</summary>
    private static bool HoldsTensors(Type type)
    {
        if (type.Assembly == typeof(Tensor).Assembly)
            return false;
        if (IsOfTensors(type))
            return true;
        for (Type? level = type; level is not null; level = level.BaseType)
            if (Array.Exists(level.GetFields(OwnFields), field => IsOfTensors(field.FieldType)))
                return true;
        return false;
    }

    private static bool IsOfTensors(Type type) =>
        type == typeof(Tensor)
        || typeof(IEnumerable<Tensor>).IsAssignableFrom(type)
        || Array.Exists(type.GetInterfaces(), IsOfNamedTensors);

    private static bool IsOfNamedTensors(Type sequence) =>
        sequence.IsGenericType
        && sequence.GetGenericTypeDefinition() == typeof(IEnumerable<>)
        && sequence.GetGenericArguments()[0] is { IsGenericType: true } pair
        && pair.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
        && pair.GetGenericArguments()[1] == typeof(Tensor);
}
