using System.Reflection;

namespace Implicit.Transforms;

/// <summary>
/// A type whose constructor takes exactly its properties, by name: C# records and record structs (positional), and F# records.
/// </summary>
internal sealed class RecordCodec : ITreeCodec
{
    private readonly ConstructorInfo constructor;
    private readonly PropertyInfo[] properties;

    private RecordCodec(ConstructorInfo constructor, PropertyInfo[] properties)
    {
        this.constructor = constructor;
        this.properties = properties;
    }

    public static RecordCodec? TryCreate(Type type)
    {
        foreach (ConstructorInfo constructor in type.GetConstructors())
        {
            PropertyInfo?[] properties =
            [
                .. constructor
                    .GetParameters()
                    .Select(parameter =>
                        Array.Find(
                            type.GetProperties(BindingFlags.Public | BindingFlags.Instance),
                            property =>
                                string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                                && property.PropertyType == parameter.ParameterType
                        )
                    ),
            ];
            if (properties.Length > 0 && !properties.Contains(null))
                return new RecordCodec(constructor, properties!);
        }
        return null;
    }

    public object?[] Children(object value) => Array.ConvertAll(properties, property => property.GetValue(value));

    public object With(object value, object?[] children) => constructor.Invoke(children);
}
