using Implicit.Shapes;

namespace Implicit.Graph;

/// <summary>What is known of a tensor before it has a value.</summary>
internal readonly record struct TensorType(DType DType, Shape Shape)
{
    /// <summary>The type of what only a solver reads.</summary>
    public static TensorType Opaque => new(DType.Opaque, Shape.Scalar);

    /// <summary>What a value takes.</summary>
    public long Bytes => (long)Shape.Length * DType.Size;

    /// <summary>Requires that two operands have one element type.</summary>
    public static void RequireOneDType(string op, TensorType a, TensorType b) =>
        Throw.Unless(a.DType == b.DType, op, "element types must agree (convert with cast)", $"{a} and {b}");

    public override string ToString() => $"{DType.Name}{Shape}";
}
