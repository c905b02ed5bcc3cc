using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>The systems of items that lie side by side in the blocks of a record.</summary>
internal sealed unsafe class RecordedBlocks<V, D>(QpRecord record, QpSize size) : IRecordedSystem<V>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private readonly int[] places = [.. Enumerable.Range(0, size.Total)];
    private QpBlock? block;
    private KktSystem<V, D>? kkt;

    public int Total => size.Total;

    public Refinement<V> Refinement => kkt!.Refinement;

    public bool IsExact => false;

    public ulong Flat => Pivots.Flat<V>(size.N, block!.Lower, size.N + 1);

    public double* Unit => block!.Unit;

    public double* ResidualUnit => block!.ResidualUnit;

    public ReadOnlySpan<int> Places => places;

    public void Use(int item)
    {
        block = record.Block(item)!;
        kkt ??= new KktSystem<V, D>(block);
        kkt.Matrix.Use(block);
    }

    public void Expect(int item) { }

    public void Clear(double* r)
    {
        double* rows = r + ((size.N + size.P) * V.Count);
        Lanewise<V>.Multiply(size.Rows, rows, block!.Live, rows);
    }

    public void SolveRoughly(double* r, double* u) => kkt!.SolveRoughly(r, u);

    public void Residual(double* r, double* u, double* e) => kkt!.Residual(r, u, e);

    public void SolveSingular(int lane, double* r, double* u) => LeastNorm.Solve(block!, lane, r, u);
}
