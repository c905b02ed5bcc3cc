using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// How much the matrices would have to change, beside their size, for a point to be a certificate. Unlike a residual beside the certificate's
/// value this does not depend on the sizes of right sides and objective: x ≥ 10⁹ can be met, although A'y + G'z = −1 is little beside 10⁹.
/// </summary>
internal static unsafe class Certificates
{
    /// <summary>For (y, z) to prove that nothing is feasible.</summary>
    public static V OfPrimal<V, D>(Embedding<V, D> at)
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        V residual = Lanewise<V>.Largest(size.N, at.DualProduct);
        return residual / Lanewise<V>.Largest(size.P + size.Rows, at.Point + (size.N * V.Count));
    }

    /// <summary>For x to prove that the objective has no bound.</summary>
    public static V OfDual<V, D>(Embedding<V, D> at)
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        V residual = Recession(at, null);
        if (size.IsQuadratic)
        {
            V norm = Lanewise<V>.Largest(size.N * size.N, at.Block.Quadratic);
            V isZero = V.LessOrEqual(norm, V.Of(0.0));
            V quadratic = Lanewise<V>.Largest(size.N, at.QuadraticProduct) / V.Select(isZero, V.Of(1.0), norm);
            residual = V.Max(residual, quadratic);
        }
        return residual / Lanewise<V>.Largest(size.N, at.Point);
    }

    /// <summary>‖(Ax, Gx + s)‖∞ in given units of the rows, in scaled ones if null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Recession<V, D>(Embedding<V, D> at, double* unit)
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        V largest = V.Of(0.0);
        for (int i = 0; i < size.P + size.Rows; i++)
        {
            V row = Lanewise<V>.Load(at.PrimalProduct, i);
            if (i >= size.P)
                row = Lanewise<V>.Load(at.Exists, i - size.P) * (row + Lanewise<V>.Load(at.Slack, i - size.P));
            V length = V.Abs(row);
            largest = V.Max(largest, unit is null ? length : length / Lanewise<V>.Load(unit, i));
        }
        return largest;
    }
}
