using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The outer product a·bᵀ of two vectors.</summary>
    /// <param name="a">[m].</param>
    /// <param name="b">[n].</param>
    /// <returns>[m, n], element (i, j) is a[i]·b[j].</returns>
    /// <exception cref="TensorException">An operand is not a vector.</exception>
    public static Tensor Outer(Tensor a, Tensor b)
    {
        RequireVectors("outer", a, b);
        return Unsqueeze(a, 1) * b;
    }

    /// <summary>The inner product of two vectors.</summary>
    /// <param name="a">[n].</param>
    /// <param name="b">[n].</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="TensorException">An operand is not a vector, or the lengths or element types differ.</exception>
    public static Tensor Dot(Tensor a, Tensor b)
    {
        RequireVectors("dot", a, b);
        Throw.Unless(a.Length == b.Length, "dot", "the vectors must be equally long", $"{a.Type} and {b.Type}");
        return MatMul(a, b);
    }

    private static void RequireVectors(string op, Tensor a, Tensor b)
    {
        Throw.Unless(a.Rank == 1 && b.Rank == 1, op, "both operands must be vectors", $"{a.Type} and {b.Type}");
        TensorType.RequireOneDType(op, a.Type, b.Type);
        Arithmetic.Numeric(op, a.DType);
    }
}
