using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Implicit.Shapes;

namespace Implicit.Solvers.Convex;

/// <summary>Solves with the factors of a record, in place of right sides: those whose items lie in lanes of one block go side by side.</summary>
internal sealed unsafe class AdjointGroup<V>
    where V : unmanaged, ILanes<V, double>
{
    private readonly KktRun run;
    private readonly QpRecord record;
    private readonly IRecordedSystem<V> system;

    /// <summary>x, y and z of all right sides, and how many elements one has.</summary>
    private readonly double[][] parts;
    private readonly int[] lengths;

    /// <summary>x, y and z of one right side or solution.</summary>
    private readonly double[] whole;
    private readonly Scratch scratch = new(V.Count);
    private readonly double* right;
    private readonly double* solution;

    public AdjointGroup(KktRun run, QpRecord record, double[][] parts, IRecordedSystem<V> system)
    {
        (this.run, this.record, this.parts, this.system) = (run, record, parts, system);
        lengths = [Size.N, Size.P, Size.Rows];
        whole = new double[Size.Total];
        right = scratch.Take(Size.Total);
        solution = scratch.Take(Size.Total);
    }

    private QpSize Size => run.Form.Size;

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
            Solve(first, end, end < items ? Place(end) : Place(first));
        }
        GC.KeepAlive(this);
    }

    /// <summary>The item of the record that a right side belongs to.</summary>
    private int Place(int item) => run.Places.Count == 0 ? item : run.Places[item];

    private static int Lane(int place) => place % V.Count;

    private static ulong Bit(int place) => 1UL << Lane(place);

    /// <summary>Solves for right sides that belong to different lanes of one block, before those of another.</summary>
    private void Solve(int first, int end, int next)
    {
        Lanewise<V>.Fill(Size.Total, 0.0, right);
        ulong asked = 0;
        for (int item = first; item < end; item++)
            if (Read(item))
                asked |= Bit(Place(item));
        system.Expect(next);
        if (asked != 0)
            Solve(asked, Singular(Place(first) - Lane(Place(first)), asked & system.Flat));
        for (int item = first; item < end; item++)
            Write(item, (asked & Bit(Place(item))) != 0);
    }

    /// <summary>Those of some lanes in which the system is singular: no right side is then solved by its factor, consistent or not.</summary>
    private ulong Singular(int firstPlace, ulong lanes)
    {
        ulong singular = 0;
        foreach (int lane in new LaneBits(lanes))
            singular |= IsRegular(firstPlace + lane) ? 0UL : 1UL << lane;
        return singular;
    }

    /// <summary>Solves in some lanes of the system in use.</summary>
    private void Solve(ulong asked, ulong singular)
    {
        Lanewise<V>.Multiply(system.Total, right, system.ResidualUnit, right);
        system.Clear(right);
        ulong regular = asked & ~singular;
        singular |= regular & ~Consistently(right, solution, regular);
        foreach (int lane in new LaneBits(singular))
            system.SolveSingular(lane, right, solution);
        Lanewise<V>.Multiply(system.Total, solution, system.Unit, solution);
    }

    /// <summary>Solves with the factor; gives the lanes in which that left no residual.</summary>
    private ulong Consistently(double* r, double* u, ulong lanes)
    {
        if (!system.IsExact)
            return Refined(r, u, lanes);
        system.SolveRoughly(r, u);
        return lanes;
    }

    /// <summary>The same, and the residual is looked at whatever the factor is.</summary>
    private ulong Refined(double* r, double* u, ulong lanes)
    {
        V residual = system.Refinement.Solve(r, u, lanes);
        return V.ToBits(V.LessOrEqual(residual, V.Of(Refinement<V>.Trusted) * Lanewise<V>.Largest(system.Total, r)));
    }

    /// <summary>Refuses what has no unique derivative; the item's system is in use then.</summary>
    private void Require(int place)
    {
        if (!record.IsKept(place))
            throw NotSolved(place);
        system.Use(place);
        if (run.Options.Degeneracy != Degeneracy.Strict)
            return;
        if (record.Status(place) != QpStatus.Solved)
            throw NotSolved(place);
        if (!(record.Margin(place) > QpSolution.WeaklyActive))
            throw Degenerate(
                place,
                FormattableString.Invariant($"a constraint is weakly active (margin {record.Margin(place):g3})")
            );
        if (!IsRegular(place))
            throw Degenerate(
                place,
                "the active constraints' gradients, or the curvature left by them, do not have full rank"
            );
    }

    /// <summary>Whether the system in use has one solution for every right side; it is of the item's block.</summary>
    private bool IsRegular(int place) => record.IsRegular(place, () => SolvesAny(place));

    /// <summary>A singular system has no solution for a right side without any pattern.</summary>
    private bool SolvesAny(int place)
    {
        var own = new Scratch(V.Count);
        double* test = own.Take(system.Total);
        for (int i = 0; i < system.Total; i++)
            V.Store(V.Of(Math.Sin((i + 1) * (i + 1.7))), test + (i * V.Count));
        system.Clear(test);
        bool isRegular = (Refined(test, own.Take(system.Total), Bit(place)) & Bit(place)) != 0;
        GC.KeepAlive(own);
        return isRegular;
    }

    /// <summary>Brings a right side into its lane; false if it is zero, and then so is the solution, whatever became of the item.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Read(int item)
    {
        int next = 0;
        for (int part = 0; part < parts.Length; next += lengths[part++])
            parts[part].AsSpan(item * lengths[part], lengths[part]).CopyTo(whole.AsSpan(next));
        if (!whole.AsSpan().ContainsAnyExcept(0.0))
            return false;
        Require(Place(item));
        double* to = right + Lane(Place(item));
        ReadOnlySpan<int> places = system.Places;
        for (int i = 0; i < places.Length; i++)
            to[i * V.Count] = whole[places[i]];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(int item, bool isSolved)
    {
        Array.Clear(whole);
        double* from = solution + Lane(Place(item));
        ReadOnlySpan<int> places = isSolved ? system.Places : [];
        for (int i = 0; i < places.Length; i++)
            whole[places[i]] = from[i * V.Count];
        int next = 0;
        for (int part = 0; part < parts.Length; next += lengths[part++])
            whole.AsSpan(next, lengths[part]).CopyTo(parts[part].AsSpan(item * lengths[part]));
    }

    private SolveException NotSolved(int place) =>
        new(
            $"[qp] a solution can be differentiated only where there is one. The status is {record.Status(place)}."
                + FailureText.WasItem(place, record.Items)
        );

    private SolveException Degenerate(int place, string what) =>
        new(
            $"[qp] the derivative is not unique: {what}. Use Degeneracy.MinNorm for a finite one, or move the data."
                + FailureText.WasItem(place, record.Items)
        );
}
