using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Alone = Implicit.Solvers.Convex.Lanewise<Implicit.Backends.Cpu.OneLane<double>>;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The systems of large items, of which a record holds factors. Their matrices are read where the data are: those of the scaled system are
/// P̂ = c·DPD, Â = EAD and Ĝ = FGD with powers of two, so vectors are scaled in their place without rounding.
/// </summary>
internal sealed unsafe class RecordedFactors<W> : IRecordedSystem<OneLane<double>>
    where W : unmanaged, ILanes<W, double>
{
    /// <summary>Ω of active rows.</summary>
    private const double Weight = 1.0 / KktSystem<OneLane<double>, Blocked<W>>.Regularisation;

    private readonly QpRecord record;
    private readonly QpSize size;
    private readonly FactorMatrices<W> matrices;
    private readonly Scratch scratch = new(1);

    /// <summary>What the next item reads.</summary>
    private readonly Prefetching ahead = new();

    /// <summary>x in units of the data.</summary>
    private readonly double* x;

    /// <summary>What rows weigh in a sum of them, and their products with x.</summary>
    private readonly double* weights;
    private readonly double* products;

    /// <summary>What is left for the variables, and the sum of rows that pulls at them.</summary>
    private readonly double* left;
    private readonly double* pulled;
    private QpFactor? factor;
    private int used;

    public RecordedFactors(QpRecord record, QpForm form, ReadOnlySpan<Buffer> matrices)
    {
        (this.record, size) = (record, form.Size);
        this.matrices = new FactorMatrices<W>(form, matrices);
        int along = FactorStrips.Padded(size.N);
        int across = FactorStrips.Padded(Math.Max(size.N, size.P + size.Rows));
        x = scratch.Take(Math.Max(along, across));
        weights = scratch.Take(across);
        products = scratch.Take(across);
        left = scratch.Take(along);
        pulled = scratch.Take(along);
        Refinement = new Refinement<OneLane<double>>(this, size.Total);
    }

    public Refinement<OneLane<double>> Refinement { get; }

    public bool IsExact => factor!.RangeSpace is not null;

    public ulong Flat => IsExact ? 0 : Pivots.Flat<OneLane<double>>(N, factor!.Inverses, 1);

    public int Total => factor!.Total;

    public double* Unit => factor!.Unit;

    public double* ResidualUnit => factor!.ResidualUnit;

    private int N => size.N;

    private int P => size.P;

    public ReadOnlySpan<int> Places => factor!.Places;

    public void Use(int item)
    {
        factor = record.Factor(item)!;
        used = item;
        if (!IsExact)
            matrices.Use(item, factor);
    }

    public void Expect(int item)
    {
        ahead.Clear();
        if (record.Factor(item) is not { } next || next == factor)
            return;
        ahead.Add(next.Strips, next.Bytes);
        if (next.RangeSpace is null)
            matrices.Expect(item, next, ahead);
    }

    /// <summary>All rows of a factor have a constraint.</summary>
    public void Clear(double* r) { }

    public void SolveRoughly(double* r, double* u)
    {
        QpFactor of = factor!;
        if (of.RangeSpace is { } rangeSpace)
        {
            rangeSpace.Solve<W>(of.Strips, of.Inverses, r, u, left, weights, ahead);
            return;
        }
        EliminateRows(of, r);
        FactorStrips.Forward<W>(N, of.Strips, of.Inverses, left, ahead);
        if (P > 0)
            KktSystem<OneLane<double>, Blocked<W>>.SolveForEqualities(
                Sides.One,
                N,
                P,
                of.Reduced,
                of.Schur,
                r + N,
                left,
                u + N
            );
        FactorStrips.Backward<W>(N, of.Strips, of.Inverses, left, ahead);
        Alone.Copy(N, left, u);
        RecoverRows(of, r + N + P, u);
    }

    /// <summary>What is left for the variables: that of r, and G'Ω times that of the active rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EliminateRows(QpFactor of, double* r)
    {
        double* rows = r + N + P;
        Weigh(of.General, Weight, of.ResidualUnit + N + P, rows);
        Alone.Fill(FactorStrips.Padded(N), 0.0, left);
        // Of a cotangent of x alone there is nothing in the rows.
        if (OneLane<double>.First(Alone.Largest(of.General, weights)) != 0.0)
            RowProducts<W>.AddTransposedTimes(of.General, matrices.ActiveRows, N, weights, left, ahead);
        MultiplyAdd(N, of.Unit, left, r, left);
        for (int k = of.General; k < of.Active; k++)
            left[Bounded(k, out double sign)] += sign * Weight * rows[k];
    }

    /// <summary>z = Ω·(G·x − r) of the active rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RecoverRows(QpFactor of, double* rows, double* u)
    {
        double* z = u + N + P;
        Multiply(N, of.Unit, u, x);
        RowProducts<W>.Times(of.General, matrices.ActiveRows, N, x, products, ahead);
        Multiply(of.General, of.ResidualUnit + N + P, products, z);
        for (int k = of.General; k < of.Active; k++)
            z[k] = u[Bounded(k, out double sign)] * sign;
        for (int k = 0; k < of.Active; k++)
            z[k] = Weight * (z[k] - rows[k]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Residual(double* r, double* u, double* e)
    {
        QpFactor of = factor!;
        if (IsExact)
            matrices.Use(used, of);
        Multiply(N, of.Unit, u, x);
        SetNegatedQuadratic(of);
        MultiplyAdd(N, of.ResidualUnit, left, r, e);
        Alone.Fill(FactorStrips.Padded(N), 0.0, pulled);
        ResidualOfRows(P, matrices.EqualityRows, N, r, u, e);
        ResidualOfRows(of.General, matrices.ActiveRows, N + P, r, u, e);
        for (int k = of.General; k < of.Active; k++)
        {
            int j = Bounded(k, out double sign);
            e[j] -= sign * u[N + P + k];
            e[N + P + k] = r[N + P + k] - (sign * u[j]);
        }
        MultiplyAdd(N, of.Unit, pulled, e, e);
    }

    /// <summary>left ← −½(P + P')·x. What was given may not be symmetric.</summary>
    private void SetNegatedQuadratic(QpFactor of)
    {
        Alone.Fill(FactorStrips.Padded(N), 0.0, left);
        if (!size.IsQuadratic)
            return;
        if (of.IsSymmetric)
        {
            RowProducts<W>.SymmetricTimes(matrices.QuadraticRows, N, x, left, ahead);
            Alone.Scale(N, OneLane<double>.Of(-1.0), left, left);
            return;
        }
        RowProducts<W>.Both(N, matrices.QuadraticRows, N, x, x, products, left, ahead);
        Alone.Add(N, OneLane<double>.Of(1.0), products, left);
        Alone.Scale(N, OneLane<double>.Of(-0.5), left, left);
    }

    public void SolveSingular(int lane, double* r, double* u)
    {
        QpFactor of = factor!;
        QpBlock block = matrices.Scaled(of);
        var own = new Scratch(1);
        double* right = own.Take(block.Size.Total);
        double* solution = own.Take(block.Size.Total);
        for (int i = 0; i < of.Total; i++)
            right[InBlock(i)] = r[i];
        LeastNorm.Solve(block, lane, right, solution);
        for (int i = 0; i < of.Total; i++)
            u[i] = solution[InBlock(i)];
        GC.KeepAlive(own);

        // The block has the active general rows and all bounds.
        int InBlock(int unknown) => unknown < N + P + of.General ? unknown : of.Places[unknown] - size.M + of.General;
    }

    /// <summary>Of rows from an unknown on: e ← r − Ĝ·x, and −G' of their part of u is added up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResidualOfRows(int count, double** rows, int first, double* r, double* u, double* e)
    {
        double* unit = factor!.ResidualUnit + first;
        Weigh(count, -1.0, unit, u + first);
        RowProducts<W>.Both(count, rows, N, x, weights, products, pulled, ahead);
        for (int k = 0; k < count; k++)
            e[first + k] = r[first + k] - (unit[k] * products[k]);
    }

    /// <summary>What rows weigh in sums along the variables: by·unit·z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weigh(int count, double by, double* unit, double* z)
    {
        for (int k = 0; k < count; k++)
            weights[k] = by * unit[k] * z[k];
        for (int k = count; k < RowProducts<W>.Filled(count); k++)
            weights[k] = 0.0;
    }

    /// <summary>to ← a∘b.</summary>
    private static void Multiply(int n, double* a, double* b, double* to) =>
        Elementwise.Binary<BinaryFunctions.Multiply, W, double>(a, 1, b, 1, to, n);

    /// <summary>to ← a∘b + c.</summary>
    private static void MultiplyAdd(int n, double* a, double* b, double* c, double* to) =>
        Elementwise.MultiplyAdd<W, double>(a, 1, b, 1, c, 1, to, n);

    /// <summary>The variable that an active bound belongs to, and the sign of its row.</summary>
    private int Bounded(int row, out double sign)
    {
        int bound = factor!.Places[N + P + row] - N - P - size.M;
        sign = bound < size.LowerRows ? -1.0 : 1.0;
        return bound < size.LowerRows ? bound : bound - size.LowerRows;
    }
}
