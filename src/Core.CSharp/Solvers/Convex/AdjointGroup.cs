using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Solves with the factors of a record, in place of right sides: those whose items lie in one block go side by side.</summary>
internal sealed unsafe class AdjointGroup<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private readonly KktRun run;
    private readonly QpRecord record;

    /// <summary>x, y and z of all right sides, and how many elements one has.</summary>
    private readonly double[][] parts;
    private readonly int[] lengths;

    /// <summary>x, y and z of one right side or solution.</summary>
    private readonly double[] whole;
    private readonly Scratch scratch = new(V.Count);
    private readonly double* right;
    private readonly double* solution;
    private KktSystem<V, D>? kkt;

    public AdjointGroup(KktRun run, QpRecord record, double[][] parts)
    {
        (this.run, this.record, this.parts) = (run, record, parts);
        lengths = [Size.N, Size.P, Size.Rows];
        whole = new double[Size.Total];
        right = scratch.Take(Size.Total);
        solution = scratch.Take(Size.Total);
    }

    private QpSize Size => run.Size;

    public void Run()
    {
        int items = Size.N > 0 ? parts[0].Length / Size.N : 0;
        int end;
        for (int first = 0; first < items; first = end)
        {
            ulong lanes = 0;
            end = first;
            while (end < items && Place(end) / V.Count == Place(first) / V.Count && (lanes & Bit(Place(end))) == 0)
                lanes |= Bit(Place(end++));
            Solve(first, end);
        }
        GC.KeepAlive(this);
    }

    /// <summary>The item of the record that a right side belongs to.</summary>
    private int Place(int item) => run.Places.Count == 0 ? item : run.Places[item];

    private static int Lane(int place) => place % V.Count;

    private static ulong Bit(int place) => 1UL << Lane(place);

    /// <summary>Solves for right sides that belong to different lanes of one block.</summary>
    private void Solve(int first, int end)
    {
        QpBlock? block = record.Block(Place(first));
        Lanewise<V>.Fill(Size.Total, 0.0, right);
        ulong asked = 0;
        for (int item = first; item < end; item++)
            if (Read(item, block))
                asked |= Bit(Place(item));
        if (asked != 0)
            SolveBlock(block!, asked);
        for (int item = first; item < end; item++)
            Write(item, block, (asked & Bit(Place(item))) != 0);
    }

    private void SolveBlock(QpBlock block, ulong asked)
    {
        int total = block.Size.Total;
        for (int i = 0; i < total; i++)
            V.Store(Lanewise<V>.Load(right, i) * Lanewise<V>.Load(block.ResidualUnit, i), right + (i * V.Count));
        // What is not read: rows without a constraint.
        double* rows = right + ((Size.N + Size.P) * V.Count);
        for (int i = 0; i < block.Size.Rows; i++)
            V.Store(Lanewise<V>.Load(rows, i) * Lanewise<V>.Load(block.Live, i), rows + (i * V.Count));
        ulong singular = asked & ~Consistently(block, right, solution, asked);
        for (int lane = 0; lane < V.Count; lane++)
            if ((singular >> lane & 1) != 0)
                LeastNorm.Solve(block, lane, right, solution);
        for (int i = 0; i < total; i++)
            V.Store(Lanewise<V>.Load(solution, i) * Lanewise<V>.Load(block.Unit, i), solution + (i * V.Count));
        GC.KeepAlive(block);
    }

    /// <summary>Solves with the factor; gives the lanes in which that left no residual.</summary>
    private ulong Consistently(QpBlock block, double* r, double* u, ulong lanes)
    {
        kkt ??= new KktSystem<V, D>(block, Size.Total);
        kkt.Use(block);
        V residual = kkt.Solve(r, u, lanes, 0.0);
        return V.ToBits(
            V.LessOrEqual(residual, V.Of(KktSystem<V, D>.Trusted) * Lanewise<V>.Largest(block.Size.Total, r))
        );
    }

    /// <summary>Refuses what has no unique derivative.</summary>
    private void Require(int place)
    {
        if (!record.IsKept(place))
            throw NotSolved(place);
        if (run.Options.Degeneracy != Degeneracy.Strict)
            return;
        if (record.Status(place) != QpStatus.Solved)
            throw NotSolved(place);
        if (!(record.Margin(place) > QpSolution.WeaklyActive))
            throw Degenerate(place, $"a constraint is weakly active (margin {record.Margin(place):g3})");
        if (!record.IsRegular(place, () => IsRegular(place)))
            throw Degenerate(
                place,
                "the active constraints' gradients, or the curvature left by them, do not have full rank"
            );
    }

    /// <summary>A singular system has no solution for a right side without any pattern.</summary>
    private bool IsRegular(int place)
    {
        QpBlock block = record.Block(place)!;
        var own = new Scratch(V.Count);
        double* test = own.Take(block.Size.Total);
        for (int i = 0; i < block.Size.Total; i++)
            V.Store(V.Of(Math.Sin((i + 1) * (i + 1.7))), test + (i * V.Count));
        double* rows = test + ((block.Size.N + block.Size.P) * V.Count);
        for (int i = 0; i < block.Size.Rows; i++)
            V.Store(Lanewise<V>.Load(rows, i) * Lanewise<V>.Load(block.Live, i), rows + (i * V.Count));
        bool isRegular = (Consistently(block, test, own.Take(block.Size.Total), Bit(place)) & Bit(place)) != 0;
        GC.KeepAlive(own);
        return isRegular;
    }

    /// <summary>Brings a right side into its lane; false if it is zero, and then so is the solution, whatever became of the item.</summary>
    private bool Read(int item, QpBlock? block)
    {
        int next = 0;
        for (int part = 0; part < parts.Length; next += lengths[part++])
            parts[part].AsSpan(item * lengths[part], lengths[part]).CopyTo(whole.AsSpan(next));
        if (!whole.AsSpan().ContainsAnyExcept(0.0))
            return false;
        Require(Place(item));
        double* to = right + Lane(Place(item));
        for (int i = 0; i < block!.Size.Total; i++)
            to[i * V.Count] = whole[block.Place(i)];
        return true;
    }

    private void Write(int item, QpBlock? block, bool isSolved)
    {
        Array.Clear(whole);
        double* from = solution + Lane(Place(item));
        for (int i = 0; isSolved && i < block!.Size.Total; i++)
            whole[block.Place(i)] = from[i * V.Count];
        int next = 0;
        for (int part = 0; part < parts.Length; next += lengths[part++])
            whole.AsSpan(next, lengths[part]).CopyTo(parts[part].AsSpan(item * lengths[part]));
    }

    private SolveException NotSolved(int place) =>
        new(
            $"[qp] a solution can be differentiated only where there is one. The status is {record.Status(place)}."
                + QpRun.Place(place, record.Items)
        );

    private SolveException Degenerate(int place, string what) =>
        new(
            $"[qp] the derivative is not unique: {what}. Use Degeneracy.MinNorm for a finite one, or move the data."
                + QpRun.Place(place, record.Items)
        );
}
