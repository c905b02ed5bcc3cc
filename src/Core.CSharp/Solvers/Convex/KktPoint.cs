namespace Implicit.Solvers.Convex;

/// <summary>How the matrices of a batch move; null is not at all. Of rank 2 where all items share them.</summary>
internal readonly record struct QpMatrices(Tensor? P, Tensor? A, Tensor? G)
{
    public static QpMatrices Of(Tensor?[] data) =>
        new(data[QpForm.Quadratic], data[QpForm.EqualityMatrix], data[QpForm.InequalityMatrix]);
}

/// <summary>Unknowns or right sides of the optimality conditions of all items: x [items, n], y [items, p], z [items, rows].</summary>
internal readonly record struct KktPoint(Tensor X, Tensor Y, Tensor Z)
{
    public static KktPoint Of(ReadOnlySpan<Tensor> parts) => new(parts[0], parts[1], parts[2]);

    public KktPoint Negated() => new(-X, -Y, -Z);

    /// <summary>K̇·(x, y, z) = (Ṗx + Ȧ'y + Ġ'z, Ȧx, Ġx), with the symmetric part of Ṗ.</summary>
    public KktPoint Pushed(QpMatrices moving, QpSize size)
    {
        Tensor x = Tensor.ZerosLike(X);
        Tensor y = Tensor.ZerosLike(Y);
        Tensor z = Tensor.ZerosLike(Z);
        if (moving.P is { } dp)
            x += 0.5 * (Times(dp, X) + TransposedTimes(dp, X));
        if (moving.A is { } da)
            (x, y) = (x + TransposedTimes(da, Y), Times(da, X));
        if (moving.G is { } dg)
        {
            x += TransposedTimes(dg, General(Z, size));
            Tensor rows = Times(dg, X);
            z = size.Rows == size.M ? rows : Tensor.Pad(rows, [0, 0], [0, size.Rows - size.M]);
        }
        return new KktPoint(x, y, z);
    }

    /// <summary>
    /// The cotangent of a matrix where this is the adjoint of a system whose solution is a point: of −K̇·point, that is −½(ux' + xu'), −(vx' + yu')
    /// or −(wx' + zu').
    /// </summary>
    public Tensor Pulled(KktPoint point, int datum, bool isShared, QpSize size) =>
        datum switch
        {
            QpForm.Quadratic => Outer(-0.5, X, point.X, point, isShared),
            QpForm.EqualityMatrix => Outer(-1.0, Y, point.Y, point, isShared),
            _ => Outer(-1.0, General(Z, size), General(point.Z, size), point, isShared),
        };

    /// <summary>
    /// c·(a·point.x' + b·x'): of each item as one product of [rows, 2] with [2, n], or, of a shared matrix, the sum over the items.
    /// </summary>
    private Tensor Outer(double c, Tensor a, Tensor b, KktPoint point, bool isShared) =>
        isShared
            ? c * (Tensor.MatMul(a.T, point.X) + Tensor.MatMul(b.T, X))
            : Tensor.MatMul(Tensor.Stack([c * a, c * b], 2), Tensor.Stack([point.X, X], 1));

    /// <summary>The part of z that belongs to general inequalities.</summary>
    private static Tensor General(Tensor z, QpSize size) => size.Rows == size.M ? z : Tensor.Slice(z, 1, 0, size.M);

    private static Tensor Times(Tensor matrix, Tensor x) =>
        matrix.Rank == 2
            ? Tensor.MatMul(x, matrix.T)
            : Tensor.Squeeze(Tensor.MatMul(matrix, Tensor.Unsqueeze(x, 2)), 2);

    private static Tensor TransposedTimes(Tensor matrix, Tensor x) =>
        matrix.Rank == 2 ? Tensor.MatMul(x, matrix) : Tensor.Squeeze(Tensor.MatMul(Tensor.Unsqueeze(x, 1), matrix), 1);
}
