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

    /// <summary>The rows of G times √Ω; taken by the first factorisation, for the systems of a record are not factorised again.</summary>
    private double* scaledRows;

    /// <summary>What is left of the right side for the variables once the rows are eliminated, and the rows' part times Ω.</summary>
    private readonly double* left;
    private readonly double* weighted;

    public KktSystem(QpBlock block)
    {
        Matrix = new KktMatrix<V, D>(block);
        (assembleH, assembleSchur) = (AssembleH, AssembleSchur);
        left = scratch.Take(2 * Total);
        weighted = scratch.Take(2 * Total);
        Refinement = new Refinement<V>(this, Total);
    }

    public int Total => Block.Size.Total;

    /// <summary>K.</summary>
    public KktMatrix<V, D> Matrix { get; }

    /// <summary>Solves exactly.</summary>
    public Refinement<V> Refinement { get; }

    private QpBlock Block => Matrix.Block;

    private int N => Block.Size.N;

    private int P => Block.Size.P;

    private static int Step => V.Count;

    /// <summary>Factorises for the block's Ω; gives the lanes where that failed however large the shift.</summary>
    public ulong Factor()
    {
        if (scaledRows == null)
            scaledRows = scratch.Take(V.Count == 1 ? Block.Size.M * N : 0);
        ulong failed = Factor(N, Block.Lower, assembleH);
        if (P == 0)
            return failed;
        ReduceEqualities();
        return failed | Factor(P, Block.Schur, assembleSchur);
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

    /// <summary>Solves without refinement: as well as the regularisation allows.</summary>
    public void SolveRoughly(double* r, double* u) => SolveRegularised(Sides.One, r, u);

    /// <summary>The same for two right sides [2, total], so that the factor is read once.</summary>
    public void SolveBothRoughly(double* r, double* u) => SolveRegularised(new Sides(2, (long)Total * Step), r, u);

    public void Residual(double* r, double* u, double* e) => Matrix.Residual(r, u, e);

    /// <summary>H with a shifted diagonal; gives its largest diagonal element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V AssembleH(V shift)
    {
        QpSize size = Block.Size;
        double* h = Block.Lower;
        if (size.IsQuadratic)
            Lanewise<V>.Copy(N * N, Block.Quadratic, h);
        else
            Lanewise<V>.Fill(N * N, 0.0, h);
        D.AddGram(size.M, N, Block.Inequalities, Block.Omega, h, scaledRows);
        V regularisation = shift + V.Of(Regularisation);
        V largest = V.Of(0.0);
        double* lower = Block.Omega + (size.M * Step);
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
    private void ReduceEqualities()
    {
        double* y = Block.Reduced;
        for (int i = 0; i < P; i++)
        for (int j = 0; j < N; j++)
            V.Store(V.Load(Block.Equalities + (((long)i * N) + j) * Step), y + (((long)j * P) + i) * Step);
        D.ForwardColumns(N, P, Block.Lower, y);
    }

    /// <summary>Y'Y + εI with a shifted diagonal; gives its largest diagonal element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V AssembleSchur(V shift)
    {
        Lanewise<V>.Fill(P * P, 0.0, Block.Schur);
        D.AddGram(N, P, Block.Reduced, null, Block.Schur, null);
        V largest = V.Of(0.0);
        for (int i = 0; i < P; i++)
        {
            double* at = Block.Schur + (((long)i * P) + i) * Step;
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
            Lanewise<V>.Multiply(
                Block.Size.Rows,
                Block.Omega,
                rows + (side * sides.Step),
                weighted + (side * sides.Step)
            );
            Lanewise<V>.Copy(N, r + (side * sides.Step), left + (side * sides.Step));
        }
        Matrix.AddConeTransposed(sides, weighted, left);
        D.Forward(sides, N, Block.Lower, left);
        if (P > 0)
            SolveForEqualities(sides, N, P, Block.Reduced, Block.Schur, r + (N * Step), left, u + (N * Step));
        for (int side = 0; side < sides.Count; side++)
            Lanewise<V>.Copy(N, left + (side * sides.Step), u + (side * sides.Step));
        D.Backward(sides, N, Block.Lower, u);
        double* z = u + ((N + P) * Step);
        Matrix.ConeTimes(sides, u, z);
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
        double* omega = Block.Omega;
        int rows = Block.Size.Rows;
        for (int i = 0; i < rows; i++, r += Step, z += Step, omega += Step)
            V.Store(V.Load(omega) * (V.Load(z) - V.Load(r)), z);
    }
}
