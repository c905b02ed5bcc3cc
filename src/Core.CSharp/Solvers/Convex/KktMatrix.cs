using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Products with K = [P A' G'; A 0 0; G 0 −W] and its blocks. Those of the bounds' rows, −I and I, belong to G.</summary>
internal sealed unsafe class KktMatrix<V, D>(QpBlock block)
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>Where the data are.</summary>
    public QpBlock Block { get; private set; } = block;

    private int N => Block.Size.N;

    private int P => Block.Size.P;

    private int Rows => Block.Size.Rows;

    private static int Step => V.Count;

    /// <summary>Goes over to another block of the same size.</summary>
    public void Use(QpBlock other) => Block = other;

    /// <summary>y ← [G; −I; I]·x.</summary>
    public void ConeTimes(double* x, double* y) => ConeTimes(Sides.One, x, y);

    /// <summary>The same for several sides.</summary>
    public void ConeTimes(Sides sides, double* x, double* y)
    {
        QpSize size = Block.Size;
        D.Times(sides, size.M, N, Block.Inequalities, x, y, adds: false);
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

    /// <summary>The same for several sides.</summary>
    public void AddConeTransposed(Sides sides, double* z, double* x)
    {
        QpSize size = Block.Size;
        D.AddTransposedTimes(sides, size.M, N, Block.Inequalities, z, x);
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
        if (Block.Size.IsQuadratic)
            D.Times(Sides.One, N, N, Block.Quadratic, x, y, adds: false);
        else
            Lanewise<V>.Fill(N, 0.0, y);
    }

    /// <summary>y ← A·x.</summary>
    public void EqualityTimes(double* x, double* y) => D.Times(Sides.One, P, N, Block.Equalities, x, y, adds: false);

    /// <summary>x ← x + A'·y.</summary>
    public void AddEqualityTransposed(double* y, double* x) =>
        D.AddTransposedTimes(Sides.One, P, N, Block.Equalities, y, x);

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

    /// <summary>e ← live·(r − e + W·z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractRows(double* r, double* z, double* e)
    {
        double* weight = Block.Weight;
        double* live = Block.Live;
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
}
