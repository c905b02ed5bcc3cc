using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The x that minimises ‖A·x − b‖₂, by QR factorisation, for A with independent columns.</summary>
    /// <param name="a">[…, m, n] with m ≥ n.</param>
    /// <param name="b">A vector [m], or […, m, k]; batch axes broadcast with those of A.</param>
    /// <returns>x, [n] or […, n, k].</returns>
    /// <exception cref="TensorException">
    /// There are more columns than rows, the extents or element types differ, or (when the value is computed) the columns of an item are
    /// not independent. For those, <see cref="Pinv(Tensor)"/> gives the x of least norm.
    /// </exception>
    public static Tensor Lstsq(Tensor a, Tensor b)
    {
        Matrices.RequireMatrix("lstsq", a.Type);
        Throw.Unless(
            a.Shape[-2] >= a.Shape[-1],
            "lstsq",
            "the matrix must have at least as many rows as columns (pinv gives a solution of least norm)",
            $"{a.Type}"
        );
        if (b.Rank == 1)
            return Squeeze(Lstsq(a, Unsqueeze(b, -1)), -1);
        Matrices.RequireRightSide("lstsq", a.Type, b.Type);
        (Tensor q, Tensor r) = Qr(a, areIndependent: true);
        return SolveTriangular(IndependentColumns.Where(a, r, "[lstsq] "), MatMul(q.T, b), lower: false);
    }
}
