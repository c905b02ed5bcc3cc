using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// How much the matrices would have to change, beside their size, for a point to be a certificate. Unlike a residual beside the certificate's
/// value this does not depend on the sizes of right sides and objective: x ≥ 10⁹ can be met, although A'y + G'z = −1 is little beside 10⁹.
/// </summary>
internal static unsafe class Certificates
{
    /// <summary>For (y, z) to prove that nothing is feasible; infinite if the sign is wrong.</summary>
    public static V OfPrimal<V, D>(Embedding<V, D> at)
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        double* dual = at.Point + (size.N * V.Count);
        double* right = at.Constants + (size.N * V.Count);
        V residual = Lanewise<V>.Largest(size.N, at.DualProduct);
        return Change(size.P + size.Rows, residual, dual, right, at.ObjectiveTerms.Constant);
    }

    /// <summary>For x to prove that the objective has no bound; infinite if the sign is wrong.</summary>
    public static V OfDual<V, D>(Embedding<V, D> at)
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        V residual = Recession(at);
        if (size.IsQuadratic)
        {
            V norm = Lanewise<V>.Largest(size.N * size.N, at.Block.Quadratic);
            V isZero = V.LessOrEqual(norm, V.Of(0.0));
            V quadratic = Lanewise<V>.Largest(size.N, at.QuadraticProduct) / V.Select(isZero, V.Of(1.0), norm);
            residual = V.Max(residual, quadratic);
        }
        return Change(size.N, residual, at.Point, at.Constants, at.ObjectiveTerms.Linear);
    }

    /// <summary>‖residual‖ / ‖point‖, and by how much the value of the point is less than its terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Change<V>(int n, V residual, double* point, double* constants, V value)
        where V : unmanaged, ILanes<V, double>
    {
        V terms = V.Of(0.0);
        for (int i = 0; i < n; i++)
            terms += V.Abs(Lanewise<V>.Load(point, i) * Lanewise<V>.Load(constants, i));
        V change = residual * terms / (Lanewise<V>.Largest(n, point) * -value);
        return V.Select(V.Less(value, V.Of(0.0)), change, V.Of(double.PositiveInfinity));
    }

    /// <summary>‖(Ax, Gx + s)‖∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Recession<V, D>(Embedding<V, D> at)
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        V largest = Lanewise<V>.Largest(size.P, at.PrimalProduct);
        for (int i = 0; i < size.Rows; i++)
        {
            V row = Lanewise<V>.Load(at.PrimalProduct, size.P + i) + Lanewise<V>.Load(at.Slack, i);
            largest = V.Max(largest, V.Abs(Lanewise<V>.Load(at.Exists, i) * row));
        }
        return largest;
    }
}
