using System.Reflection;

namespace Implicit.Transforms;

/// <summary>
/// Types that have no parts for a tree: their values stay as they are. One that may hold tensors is refused, for these would silently be constants.
/// </summary>
internal static class Whole
{
    private const string Must =
        "tensors must be in records, tuples, arrays, lists (List<T>) or dictionaries (Dictionary<TKey, TValue>), which can be made anew with others";

    public static ITreeCodec CodecOf(Type type) =>
        type.Assembly == typeof(Tensor).Assembly || !Holding.MayHold(type) ? ConstantCodec.Instance
        : Holding.IsOfTheRuntime(type) ? throw Refused(type, null)
        : throw Refused(type, Holding.FieldOf(type));

    /// <summary>The error for tensors in a field that nobody could fill anew.</summary>
    public static TensorException Refused(Type type, FieldInfo? field) =>
        new($"[tree] {Must}. Received {type.Name}{(field is null ? "" : $" with its field {Holding.NameOf(field)}")}.");
}
