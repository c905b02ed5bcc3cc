using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>How good a point is, in the units of the data.</summary>
/// <param name="Primal">‖(Ax − b, Gx + s − h)‖∞.</param>
/// <param name="Dual">‖Px + q + A'y + G'z‖∞.</param>
/// <param name="Residual">The largest residual of the embedding beside what is allowed.</param>
/// <param name="Objective">½x'Px + q'x.</param>
/// <param name="Gap">|x'Px + q'x + b'y + h'z|, the distance of the two objectives.</param>
/// <param name="Merit">The largest of the three beside what is allowed: at most 1 if solved.</param>
/// <param name="PrimalProof">‖A'y + G'z‖∞ beside −(b'y + h'z): 0 proves that nothing is feasible. Infinite if the sign is wrong.</param>
/// <param name="DualProof">‖(Px, Ax, Gx + s)‖∞ beside −q'x: 0 proves that the objective has no bound. Infinite if the sign is wrong.</param>
internal readonly record struct Assessment(
    double Primal,
    double Dual,
    double Residual,
    double Objective,
    double Gap,
    double Merit,
    double PrimalProof,
    double DualProof
)
{
    /// <summary>From this residual beside its value on, a certificate is looked at closely.</summary>
    private const double NearProof = 1e-3;

    /// <summary>
    /// Assesses the evaluated points of all lanes; <paramref name="rounding"/> is what a certificate may ask of the matrices, and no solution is larger than
    /// <paramref name="mostOfPoint"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Of<V, D>(
        Embedding<V, D> at,
        double* objectiveScale,
        double rounding,
        V mostOfPoint,
        QpOptions options,
        Span<Assessment> lanes
    )
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        (int n, int p, int rows) = (size.N, size.P, size.Rows);
        double* unit = at.Block.ResidualUnit;
        double* rowUnit = unit + (n * V.Count);
        V tau = V.Load(at.Tau);
        V scale = V.Load(objectiveScale);
        V quadratic = Lanewise<V>.LargestOver(n, at.QuadraticProduct, unit);
        V dualProduct = Lanewise<V>.LargestOver(n, at.DualProduct, unit);
        V dual = Lanewise<V>.LargestOver(n, at.Residuals, unit) / tau;
        V primal = Lanewise<V>.LargestOver(p + rows, at.Residuals + (n * V.Count), rowUnit) / tau;
        (V square, V linear, V constant) = at.ObjectiveTerms;
        V half = V.Of(0.5) * square / (tau * tau);
        V objective = (half + (linear / tau)) / scale;
        V other = (-half - (constant / tau)) / scale;
        V gap = V.Abs(objective - other);
        V gapScale = V.Max(V.Of(1.0), V.Min(V.Abs(objective), V.Abs(other)));
        V excess = V.Max(Excess(at, options, 0, n), Excess(at, options, n, p + rows));
        V merit = V.Max(excess, gap / (V.Of(options.AbsoluteTolerance) * gapScale));
        V isLost = V.Less(mostOfPoint, Lanewise<V>.Largest(n, at.Point) / tau);
        merit = V.Max(merit, isLost & V.Of(double.PositiveInfinity));
        V recession = Certificates.Recession(at, rowUnit);
        V primalProof = Proof(dualProduct, constant / scale);
        V dualProof = Proof(V.Max(quadratic, recession), linear / scale);
        // What passes for a certificate only because its value is large is none.
        if (IsNear(V.Min(primalProof, dualProof)))
        {
            V unitOfChange = V.Of(LaneState.ProofTolerance / rounding);
            primalProof = LookedAt(primalProof, unitOfChange * Certificates.OfPrimal(at));
            dualProof = LookedAt(dualProof, unitOfChange * Certificates.OfDual(at));
        }
        for (int lane = 0; lane < V.Count; lane++)
            lanes[lane] = new Assessment(
                At(primal, lane),
                At(dual, lane),
                At(excess * tau, lane),
                At(objective, lane),
                At(gap, lane),
                At(merit, lane),
                At(primalProof, lane),
                At(dualProof, lane)
            );
    }

    /// <summary>
    /// The largest, over some residuals, of each beside what is allowed for it: the absolute tolerance, and the relative one times the terms that
    /// it is the sum of. Scaled matrices have elements near 1, so those are as large as the point or the right side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe V Excess<V, D>(Embedding<V, D> at, QpOptions options, int first, int count)
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>
    {
        QpSize size = at.Block.Size;
        V tau = V.Load(at.Tau);
        // Rows are sums over x; the gradient is one over x, y and z.
        V point = Lanewise<V>.Largest(first == 0 ? size.Total : size.N, at.Point) / tau;
        V absolute = V.Of(options.AbsoluteTolerance);
        V relative = V.Of(options.RelativeTolerance);
        V largest = V.Of(0.0);
        for (int i = first; i < first + count; i++)
        {
            V terms = V.Max(point, V.Abs(Lanewise<V>.Load(at.Constants, i)));
            V allowed = V.MultiplyAdd(absolute, Lanewise<V>.Load(at.Block.ResidualUnit, i), relative * terms);
            largest = V.Max(largest, V.Abs(Lanewise<V>.Load(at.Residuals, i)) / allowed);
        }
        return largest / tau;
    }

    private static bool IsNear<V>(V proof)
        where V : unmanaged, ILanes<V, double> => V.ToBits(V.LessOrEqual(proof, V.Of(NearProof))) != 0;

    /// <summary>A proof that is near in a lane, with its certificate's change: no lane depends on another.</summary>
    private static V LookedAt<V>(V proof, V change)
        where V : unmanaged, ILanes<V, double> =>
        V.Select(V.LessOrEqual(proof, V.Of(NearProof)), V.Max(proof, change), proof);

    private static V Proof<V>(V size, V value)
        where V : unmanaged, ILanes<V, double> =>
        V.Select(V.Less(value, V.Of(0.0)), size / -value, V.Of(double.PositiveInfinity));

    private static unsafe double At<V>(V value, int lane)
        where V : unmanaged, ILanes<V, double> => ((double*)&value)[lane];
}
