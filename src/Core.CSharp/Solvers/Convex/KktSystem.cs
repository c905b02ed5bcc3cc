using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Solves K·(x, y, z) = r with K = [P A' G'; A 0 0; G 0 −W], by a factor of a regularised K and refinement against K itself. Inequalities
/// are eliminated first, which needs no definite P: H = P + εI + G'ΩG = LLᵀ with Ω = (W + ε)⁻¹, Y = L⁻¹A', S = Y'Y + εI.
/// </summary>
internal sealed unsafe class KktSystem<V, D> : IKktSystem
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>ε, beside scaled data whose largest elements are near 1.</summary>
    public const double Regularisation = 1e-8;

    /// <summary>The first shift of the diagonal tried when a pivot is not positive, relative to the largest; each next is 10 times it.</summary>
    private const double FirstShift = 1e-13;
    private const int MostShifts = 10;

    private readonly Scratch scratch = new(V.Count);
    private readonly Func<V, V> assembleH;
    private readonly Func<V, V> assembleSchur;
    private QpBlock block;
    private double* scaledRows;
    private readonly double* left;
    private readonly double* weighted;

    public KktSystem(QpBlock block)
    {
        this.block = block;
        (assembleH, assembleSchur) = (AssembleH, AssembleSchur);
        left = scratch.Take(2 * Total);
        weighted = scratch.Take(2 * Total);
        Refinement = new Refinement<V>(this, Total);
    }

    public int Total => block.Size.Total;

    /// <summary>Solves exactly.</summary>
    public Refinement<V> Refinement { get; }

    private int N => block.Size.N;

    private int P => block.Size.P;

    private int Rows => block.Size.Rows;

    private static int Step => V.Count;

    /// <summary>Goes over to another block of the same size.</summary>
    public void Use(QpBlock other) => block = other;

    /// <summary>Factorises for the block's Ω; gives the lanes where that failed however large the shift.</summary>
    public ulong Factor()
    {
        if (scaledRows == null)
            scaledRows = scratch.Take(V.Count == 1 ? block.Size.M * N : 0);
        ulong failed = Factor(N, block.Lower, assembleH);
        if (P == 0)
            return failed;
        SolveForReduced();
        return failed | Factor(P, block.Schur, assembleSchur);
    }

    /// <summary>Cholesky's factors, with the diagonal raised in the lanes where a pivot is not positive.</summary>
    private static ulong Factor(int n, double* h, Func<V, V> assemble)
    {
        V shift = V.Of(0.0);
        ulong failed = 0;
        for (int attempt = 0; attempt <= MostShifts; attempt++)
        {
            V largest = assemble(shift);
            failed = D.Cholesky(n, h);
            if (failed == 0)
                break;
            V next = V.Max(shift * V.Of(10.0), V.Of(FirstShift) * largest);
            shift = V.Select(V.FromBits(failed), next, shift);
        }
        return failed;
    }

    /// <summary>Two right sides, or two solutions, that lie one behind the other.</summary>
    private Sides Both => new(2, (long)block.Size.Total * Step);

    /// <summary>Solves without refinement: as well as the regularisation allows.</summary>
    public void SolveRoughly(double* r, double* u) => SolveRegularised(Sides.One, r, u);

    /// <summary>The same for two right sides [2, total].</summary>
    public void SolveBothRoughly(double* r, double* u) => SolveRegularised(Both, r, u);

    /// <summary>y ← [G; −I; I]·x.</summary>
    public void ConeTimes(double* x, double* y) => ConeTimes(Sides.One, x, y);

    private void ConeTimes(Sides sides, double* x, double* y)
    {
        QpSize size = block.Size;
        D.Times(sides, size.M, N, block.Inequalities, x, y, adds: false);
        y += size.M * Step;
        for (int side = 0; side < sides.Count; side++, x += sides.Step, y += sides.Step)
        {
            if (size.HasLower)
                Lanewise<V>.Scale(N, V.Of(-1.0), x, y);
            if (size.HasUpper)
                Lanewise<V>.Copy(N, x, y + (size.LowerRows * Step));
        }
    }

    /// <summary>x ← x + [G; −I; I]'·z.</summary>
    public void AddConeTransposed(double* z, double* x) => AddConeTransposed(Sides.One, z, x);

    private void AddConeTransposed(Sides sides, double* z, double* x)
    {
        QpSize size = block.Size;
        D.AddTransposedTimes(sides, size.M, N, block.Inequalities, z, x);
        z += size.M * Step;
        for (int side = 0; side < sides.Count; side++, x += sides.Step, z += sides.Step)
        {
            if (size.HasLower)
                Lanewise<V>.Add(N, V.Of(-1.0), z, x);
            if (size.HasUpper)
                Lanewise<V>.Add(N, V.Of(1.0), z + (size.LowerRows * Step), x);
        }
    }

    /// <summary>y ← P·x.</summary>
    public void QuadraticTimes(double* x, double* y)
    {
        if (block.Size.IsQuadratic)
            D.Times(Sides.One, N, N, block.Quadratic, x, y, adds: false);
        else
            Lanewise<V>.Fill(N, 0.0, y);
    }

    /// <summary>y ← A·x.</summary>
    public void EqualityTimes(double* x, double* y) => D.Times(Sides.One, P, N, block.Equalities, x, y, adds: false);

    /// <summary>x ← x + A'·y.</summary>
    public void AddEqualityTransposed(double* y, double* x) =>
        D.AddTransposedTimes(Sides.One, P, N, block.Equalities, y, x);

    /// <summary>e ← r − K·u.</summary>
    public void Residual(double* r, double* u, double* e)
    {
        double* y = u + (N * Step);
        double* z = y + (P * Step);
        QuadraticTimes(u, e);
        AddEqualityTransposed(y, e);
        AddConeTransposed(z, e);
        EqualityTimes(u, e + (N * Step));
        double* rows = e + ((N + P) * Step);
        ConeTimes(u, rows);
        Subtract(N + P, r, e);
        SubtractRows(r + ((N + P) * Step), z, rows);
    }

    /// <summary>H with a shifted diagonal; gives its largest diagonal element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V AssembleH(V shift)
    {
        QpSize size = block.Size;
        double* h = block.Lower;
        if (size.IsQuadratic)
            Lanewise<V>.Copy(N * N, block.Quadratic, h);
        else
            Lanewise<V>.Fill(N * N, 0.0, h);
        D.AddGram(size.M, N, block.Inequalities, block.Omega, h, scaledRows);
        V regularisation = shift + V.Of(Regularisation);
        V largest = V.Of(0.0);
        double* lower = block.Omega + (size.M * Step);
        double* upper = lower + (size.LowerRows * Step);
        for (int i = 0; i < N; i++)
        {
            double* at = h + (((long)i * N) + i) * Step;
            V diagonal = V.Load(at) + regularisation;
            if (size.HasLower)
                diagonal += Lanewise<V>.Load(lower, i);
            if (size.HasUpper)
                diagonal += Lanewise<V>.Load(upper, i);
            largest = V.Max(largest, diagonal);
            V.Store(diagonal, at);
        }
        return largest;
    }

    /// <summary>Y = L⁻¹A'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveForReduced()
    {
        double* y = block.Reduced;
        for (int i = 0; i < P; i++)
        for (int j = 0; j < N; j++)
            V.Store(V.Load(block.Equalities + (((long)i * N) + j) * Step), y + (((long)j * P) + i) * Step);
        D.ForwardColumns(N, P, block.Lower, y);
    }

    /// <summary>Y'Y + εI with a shifted diagonal; gives its largest diagonal element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V AssembleSchur(V shift)
    {
        Lanewise<V>.Fill(P * P, 0.0, block.Schur);
        D.AddGram(N, P, block.Reduced, null, block.Schur, null);
        V largest = V.Of(0.0);
        for (int i = 0; i < P; i++)
        {
            double* at = block.Schur + (((long)i * P) + i) * Step;
            V diagonal = V.Load(at) + shift + V.Of(Regularisation);
            largest = V.Max(largest, diagonal);
            V.Store(diagonal, at);
        }
        return largest;
    }

    /// <summary>Solves with the factor: K with +ε, −ε, −ε added to its diagonal blocks. Two sides are [2, total].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveRegularised(Sides sides, double* r, double* u)
    {
        double* rows = r + ((N + P) * Step);
        for (int side = 0; side < sides.Count; side++)
        {
            Multiply(Rows, block.Omega, rows + (side * sides.Step), weighted + (side * sides.Step));
            Lanewise<V>.Copy(N, r + (side * sides.Step), left + (side * sides.Step));
        }
        AddConeTransposed(sides, weighted, left);
        D.Forward(sides, N, block.Lower, left);
        if (P > 0)
            SolveForEqualities(sides, N, P, block.Reduced, block.Schur, r + (N * Step), left, u + (N * Step));
        for (int side = 0; side < sides.Count; side++)
            Lanewise<V>.Copy(N, left + (side * sides.Step), u + (side * sides.Step));
        D.Backward(sides, N, block.Lower, u);
        double* z = u + ((N + P) * Step);
        ConeTimes(sides, u, z);
        for (int side = 0; side < sides.Count; side++)
            WeighDifference(rows + (side * sides.Step), z + (side * sides.Step));
    }

    /// <summary>y ← S⁻¹·(Y'·left − r), left ← left − Y·y.</summary>
    public static void SolveForEqualities(
        Sides sides,
        int n,
        int p,
        double* reduced,
        double* schur,
        double* r,
        double* left,
        double* y
    )
    {
        V minus = V.Of(-1.0);
        for (int side = 0; side < sides.Count; side++)
            Lanewise<V>.Scale(p, minus, r + (side * sides.Step), y + (side * sides.Step));
        D.AddTransposedTimes(sides, n, p, reduced, left, y);
        D.Forward(sides, p, schur, y);
        D.Backward(sides, p, schur, y);
        // The difference through the sign of both.
        for (int side = 0; side < sides.Count; side++)
            Lanewise<V>.Scale(n, minus, left + (side * sides.Step), left + (side * sides.Step));
        D.Times(sides, n, p, reduced, y, left, adds: true);
        for (int side = 0; side < sides.Count; side++)
            Lanewise<V>.Scale(n, minus, left + (side * sides.Step), left + (side * sides.Step));
    }

    /// <summary>z ← Ω·(z − r).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WeighDifference(double* r, double* z)
    {
        double* omega = block.Omega;
        for (int i = 0; i < Rows; i++, r += Step, z += Step, omega += Step)
            V.Store(V.Load(omega) * (V.Load(z) - V.Load(r)), z);
    }

    /// <summary>e ← live·(r − e + W·z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractRows(double* r, double* z, double* e)
    {
        double* weight = block.Weight;
        double* live = block.Live;
        for (int i = 0; i < Rows; i++, r += Step, z += Step, e += Step, weight += Step, live += Step)
            V.Store(V.Load(live) * V.MultiplyAdd(V.Load(weight), V.Load(z), V.Load(r) - V.Load(e)), e);
    }

    /// <summary>e ← r − e.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(int n, double* r, double* e)
    {
        for (int i = 0; i < n; i++, r += Step, e += Step)
            V.Store(V.Load(r) - V.Load(e), e);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(int n, double* x, double* y, double* to)
    {
        for (int i = 0; i < n; i++, x += Step, y += Step, to += Step)
            V.Store(V.Load(x) * V.Load(y), to);
    }
}
