using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>The reductions of one element type.</summary>
internal static class Reducers<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static PreparedKernel Of(Kernels.Reduction reduction, ReduceParts parts) =>
        reduction switch
        {
            Kernels.Reduction.Sum => Of<Folds.Sum>(parts),
            Kernels.Reduction.Product => Of<Folds.Product>(parts),
            Kernels.Reduction.Minimum => Of<Folds.Minimum>(parts),
            Kernels.Reduction.Maximum => Of<Folds.Maximum>(parts),
            Kernels.Reduction.ArgMinimum => new ArgReduce<Folds.Minimum, V, T>(parts),
            _ => new ArgReduce<Folds.Maximum, V, T>(parts),
        };

    private static PreparedKernel Of<TOp>(ReduceParts parts)
        where TOp : struct, IFold =>
        parts.ByColumns ? new ColumnReduce<TOp, V, T>(parts)
        : TotalReduce<TOp, V, T>.Fits(parts) ? new TotalReduce<TOp, V, T>(parts)
        : new RowReduce<TOp, V, T>(parts);
}
