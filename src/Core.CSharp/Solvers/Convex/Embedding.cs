using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The homogeneous embedding of quadratic programs side by side: variables (x, y, z, s, τ, κ), what is left of its equations at a point, and the
/// weights of its linear system there. From P. Goulart and Y. Chen, "Clarabel: an interior-point solver for conic programs with quadratic
/// objectives" (2024), section 2.
/// </summary>
/// <remarks>
/// Residuals: rx = −Px − A'y − G'z − qτ, ry = Ax − bτ, rz = Gx + s − hτ, rτ = q'x + b'y + h'z + κ + x'Px/τ. A row is an inequality, an
/// equality (a fixed variable: s = 0, z free), or absent (an infinite bound: z = 0, s = 1).
/// </remarks>
internal sealed unsafe class Embedding<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private readonly Scratch scratch = new(V.Count);

    public Embedding(QpBlock block)
    {
        Block = block;
        Kkt = new KktSystem<V, D>(block);
        QpSize size = block.Size;
        Constants = scratch.Take(size.Total);
        Point = scratch.Take(size.Total);
        Slack = scratch.Take(size.Rows);
        IsInequality = scratch.Take(size.Rows);
        Exists = scratch.Take(size.Rows);
        Tau = scratch.Take(1);
        Kappa = scratch.Take(1);
        Degree = scratch.Take(1);
        Residuals = scratch.Take(size.Total);
        QuadraticProduct = scratch.Take(size.N);
        DualProduct = scratch.Take(size.N);
        PrimalProduct = scratch.Take(size.P + size.Rows);
    }

    public QpBlock Block { get; }

    public KktSystem<V, D> Kkt { get; }

    /// <summary>q̂, b̂, ĥ.</summary>
    public double* Constants { get; }

    /// <summary>x, y, z.</summary>
    public double* Point { get; }

    /// <summary>z.</summary>
    public double* Dual => Point + ((Size.N + Size.P) * Step);

    /// <summary>s.</summary>
    public double* Slack { get; }

    public double* Tau { get; }

    public double* Kappa { get; }

    /// <summary>1 for inequalities, 0 for fixed variables and absent rows.</summary>
    public double* IsInequality { get; }

    /// <summary>1 for rows that are there.</summary>
    public double* Exists { get; }

    /// <summary>1 + the number of inequalities.</summary>
    public double* Degree { get; }

    /// <summary>rx, ry, rz, after <see cref="Evaluate"/>, as all that follows.</summary>
    public double* Residuals { get; }

    /// <summary>P·x.</summary>
    public double* QuadraticProduct { get; }

    /// <summary>A'y + G'z.</summary>
    public double* DualProduct { get; }

    /// <summary>A·x and G·x.</summary>
    public double* PrimalProduct { get; }

    /// <summary>x'Px, q'x, and b'y + h'z.</summary>
    public (V Quadratic, V Linear, V Constant) ObjectiveTerms { get; private set; }

    /// <summary>(s'z + τκ) per degree.</summary>
    public V Mu { get; private set; }

    private QpSize Size => Block.Size;

    private static int Step => V.Count;

    /// <summary>A mask of the lanes in which a row is an inequality.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V InequalityMask(int row) => V.Less(V.Of(0.5), Lanewise<V>.Load(IsInequality, row));

    /// <summary>(−q, b, h): with τ = 1 what the conditions of optimality ask of K·(x, y, z).</summary>
    public void CopyRightSide(double* to)
    {
        Lanewise<V>.Copy(Size.Total, Constants, to);
        Lanewise<V>.Scale(Size.N, V.Of(-1.0), Constants, to);
    }

    /// <summary>The residuals of the current point and what they are made of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate()
    {
        KktMatrix<V, D> matrix = Kkt.Matrix;
        matrix.QuadraticTimes(Point, QuadraticProduct);
        Lanewise<V>.Fill(Size.N, 0.0, DualProduct);
        matrix.AddEqualityTransposed(Point + (Size.N * Step), DualProduct);
        matrix.AddConeTransposed(Dual, DualProduct);
        matrix.EqualityTimes(Point, PrimalProduct);
        matrix.ConeTimes(Point, PrimalProduct + (Size.P * Step));
        SetResiduals();
        ObjectiveTerms = (
            Lanewise<V>.Dot(Size.N, Point, QuadraticProduct),
            Lanewise<V>.Dot(Size.N, Constants, Point),
            Lanewise<V>.Dot(Size.P + Size.Rows, Constants + (Size.N * Step), Point + (Size.N * Step))
        );
        Mu = (Complementarity() + (V.Load(Tau) * V.Load(Kappa))) / V.Load(Degree);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetResiduals()
    {
        (int n, int p, int rows) = (Size.N, Size.P, Size.Rows);
        V tau = V.Load(Tau);
        for (int i = 0; i < n; i++)
        {
            V gradient = Lanewise<V>.Load(QuadraticProduct, i) + Lanewise<V>.Load(DualProduct, i);
            V.Store(-V.MultiplyAdd(Lanewise<V>.Load(Constants, i), tau, gradient), Residuals + (i * Step));
        }
        for (int i = 0; i < p + rows; i++)
        {
            V row = Lanewise<V>.Load(PrimalProduct, i) - (Lanewise<V>.Load(Constants, n + i) * tau);
            if (i >= p)
                row = Lanewise<V>.Load(Exists, i - p) * (row + Lanewise<V>.Load(Slack, i - p));
            V.Store(row, Residuals + ((n + i) * Step));
        }
    }

    /// <summary>Σ s·z over inequalities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Complementarity()
    {
        V sum = V.Of(0.0);
        for (int i = 0; i < Size.Rows; i++)
            sum = V.MultiplyAdd(
                Lanewise<V>.Load(IsInequality, i) * Lanewise<V>.Load(Slack, i),
                Lanewise<V>.Load(Dual, i),
                sum
            );
        return sum;
    }

    /// <summary>W = s/z, and what the system needs of it, at the current point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Weigh()
    {
        for (int i = 0; i < Size.Rows; i++)
            Weigh(i, Lanewise<V>.Load(Slack, i) / Lanewise<V>.Load(Dual, i));
    }

    /// <summary>W = I.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeighEvenly()
    {
        for (int i = 0; i < Size.Rows; i++)
            Weigh(i, V.Of(1.0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Weigh(int row, V weight)
    {
        V exists = Lanewise<V>.Load(Exists, row);
        weight = V.Select(InequalityMask(row), weight, V.Of(0.0));
        V.Store(weight, Block.Weight + (row * Step));
        V.Store(exists, Block.Live + (row * Step));
        V.Store(exists / (weight + V.Of(KktSystem<V, D>.Regularisation)), Block.Omega + (row * Step));
    }
}
