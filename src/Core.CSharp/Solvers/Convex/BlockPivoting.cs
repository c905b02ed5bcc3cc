using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Searches for the active set of strictly convex programs before the first step, by block principal pivoting on their dual (J. J. Júdice and
/// F. M. Pires 1994, Comput. Oper. Res. 21, 587–596): λ ≥ 0, s = K·λ − r ≥ 0 and s'λ = 0 over the inequalities, s = 0 over the equalities. All signs
/// that are wrong change at once as long as they become fewer; a set is one factorisation of the rows of K that are in it.
/// </summary>
internal sealed unsafe class BlockPivoting<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>The most sets that are tried.</summary>
    private const int MostRounds = 12;

    /// <summary>So many sets in turn may have no fewer wrong signs than the best.</summary>
    private const int Patience = 3;

    /// <summary>A sign is wrong beyond this, beside the largest number of its kind.</summary>
    private const double SignTolerance = 1e-10;

    /// <summary>Below this part of the largest pivot, solutions lose digits that refinement brings back, or there is no single one.</summary>
    private const double LeastPivot = 1e-4;

    private readonly Embedding<V, D> at;
    private readonly Scratch scratch = new(V.Count);
    private readonly DualProgram<V, D> dual;
    private readonly int rows;
    private readonly int[] members;
    private int count;

    /// <summary>The rows of K that are in the set, and then their factor; λ there.</summary>
    private readonly double* factor;
    private readonly double* solved;

    /// <summary>λ, s, and 1 for rows that are in the set.</summary>
    private readonly double* multipliers;
    private readonly double* slack;
    private readonly double* active;

    public BlockPivoting(Embedding<V, D> at)
    {
        this.at = at;
        dual = new DualProgram<V, D>(at);
        rows = dual.Rows;
        members = new int[rows];
        factor = scratch.Take(rows * rows);
        solved = scratch.Take(rows);
        multipliers = scratch.Take(rows);
        slack = scratch.Take(rows);
        active = scratch.Take(rows);
    }

    private static int Step => V.Count;

    private QpSize Size => at.Block.Size;

    private int P => Size.P;

    /// <summary>
    /// Whether a search pays. Of more inequalities than variables those of a set depend on each other too often, and with P = 0 all do.
    /// </summary>
    public static bool Suits(QpSize size) => size.IsQuadratic && size.Rows <= size.N;

    /// <summary>
    /// Searches in the lanes of a mask, where the block's factor is that of P. Gives those where it ended, whose solution is put down with τ = 1.
    /// </summary>
    public ulong Run(ulong lanes, double* point, double* givenSlack)
    {
        dual.Prepare();
        Begin();
        ulong found = Search(lanes);
        if (found != 0)
            Take(V.FromBits(found), point, givenSlack);
        GC.KeepAlive(this);
        return found;
    }

    /// <summary>Of a problem alone: whether the residuals of the evaluated point and the factors' pivots show that solutions need no refinement.</summary>
    public bool IsExact()
    {
        V allowed = V.Of(Refinement<V>.RelativeFloor) * Lanewise<V>.Largest(Size.Total, at.Constants);
        return HasEvenPivots(Size.N, at.Block.Lower)
            && HasEvenPivots(count, factor)
            && V.ToBits(V.LessOrEqual(Lanewise<V>.Largest(Size.Total, at.Residuals), allowed)) != 0;
    }

    /// <summary>Of a problem alone: whether no pivot of the matrix that was factorised is small beside the largest; also if there is none.</summary>
    private static bool HasEvenPivots(int n, double* lower) =>
        V.ToBits(V.LessOrEqual(V.Of(LeastPivot), Pivots.Evenness<V>(n, lower, n + 1))) != 0;

    /// <summary>Of a problem alone: what a derivative needs.</summary>
    public QpFactor Factor(bool isSymmetric, Func<int, HostBuffer> take)
    {
        Lanewise<V>.Copy(Size.Rows, active + (P * Step), at.Block.Live);
        var kept = new QpFactor(at.Block, isSymmetric, take, hasRangeSpace: true);
        kept.RangeSpace!.Pack(dual.Reduced, rows, members.AsSpan(0, count), factor);
        GC.KeepAlive(this);
        return kept;
    }

    private ulong Search(ulong lanes)
    {
        ulong open = lanes;
        ulong found = 0;
        V fewest = V.Of(double.PositiveInfinity);
        V patience = V.Of(Patience);
        for (int round = 0; round < MostRounds && open != 0; round++)
        {
            open &= ~Solve();
            V wrong = Wrong(out V allowed);
            found |= open & V.ToBits(V.LessOrEqual(wrong, V.Of(0.0)));
            V isLess = V.Less(wrong, fewest);
            fewest = V.Select(isLess, wrong, fewest);
            patience = V.Select(isLess, V.Of(Patience), patience - V.Of(1.0));
            open &= ~found & V.ToBits(V.LessOrEqual(V.Of(0.0), patience));
            Flip(V.FromBits(open), allowed);
        }
        return found;
    }

    /// <summary>The first set: the equalities, and what the minimiser without constraints violates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin()
    {
        for (int i = 0; i < rows; i++)
        {
            V isViolated = V.Less(V.Of(0.0), Lanewise<V>.Load(dual.Right, i)) & V.Of(1.0);
            V.Store(V.Select(IsInequality(i), isViolated, Exists(i)), active + (i * Step));
        }
    }

    /// <summary>λ of the set and the s that it leads to; gives the lanes in which the set's rows depend on each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Solve()
    {
        // Without ε a problem's factor may be exact; those side by side are polished in any case.
        ulong failed = Factor(V.Count == 1 ? 0.0 : KktSystem<V, D>.Regularisation);
        if (V.Count == 1 && (failed != 0 || !HasEvenPivots(count, factor)))
            failed = Factor(KktSystem<V, D>.Regularisation);
        D.Forward(Sides.One, count, factor, solved);
        D.Backward(Sides.One, count, factor, solved);
        Lanewise<V>.Fill(rows, 0.0, multipliers);
        for (int k = 0; k < count; k++)
            V.Store(Lanewise<V>.Load(solved, k), multipliers + (members[k] * Step));
        dual.Slack(multipliers, slack);
        return failed;
    }

    /// <summary>The factor of the set's rows of K + εI; gives the lanes that have none.</summary>
    private ulong Factor(double regularisation)
    {
        Gather(V.Of(1.0 + regularisation));
        return D.Cholesky(count, factor);
    }

    /// <summary>
    /// The rows of K and of r that are in the set. Problems side by side have different sets, so all rows are taken there and those outside a set
    /// become rows of the identity.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(V raised)
    {
        count = 0;
        for (int i = 0; i < rows; i++)
            if (Step > 1 || active[i] != 0.0)
                members[count++] = i;
        double* to = factor;
        ReadOnlySpan<int> inSet = members.AsSpan(0, count);
        for (int k = 0; k < count; k++)
        {
            double* row = dual.Gram + ((long)inSet[k] * rows * Step);
            V isIn = Lanewise<V>.Load(active, inSet[k]);
            foreach (int column in inSet)
            {
                V element = Lanewise<V>.Load(row, column);
                V.Store(Step > 1 ? isIn * Lanewise<V>.Load(active, column) * element : element, to);
                to += Step;
            }
            double* diagonal = to + ((k - count) * Step);
            V.Store(V.Load(diagonal) + raised - isIn, diagonal);
            V.Store(isIn * Lanewise<V>.Load(dual.Right, inSet[k]), solved + (k * Step));
        }
    }

    /// <summary>How many signs are wrong; infinitely many if what should have a sign is no number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Wrong(out V allowed)
    {
        V largest = V.Max(Lanewise<V>.Largest(rows, multipliers), Lanewise<V>.Largest(rows, slack));
        allowed = V.Of(SignTolerance) * V.Max(V.Of(1.0), largest);
        V wrong = V.Of(0.0);
        for (int i = P; i < rows; i++)
            wrong += IsWrong(i, allowed) & V.Of(1.0);
        return V.Select(V.LessOrEqual(allowed, V.Of(double.MaxValue)), wrong, V.Of(double.PositiveInfinity));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Flip(V mask, V allowed)
    {
        for (int i = P; i < rows; i++)
        {
            V flipped = V.Of(1.0) - Lanewise<V>.Load(active, i);
            Lanewise<V>.Put(mask & IsWrong(i, allowed), flipped, active, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V IsWrong(int i, V allowed)
    {
        V isActive = V.Less(V.Of(0.5), Lanewise<V>.Load(active, i));
        V signed = V.Select(isActive, Lanewise<V>.Load(multipliers, i), Lanewise<V>.Load(slack, i));
        return IsInequality(i) & V.Less(signed, -allowed);
    }

    /// <summary>Whether a row is an inequality.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V IsInequality(int i) => i < P ? V.Of(0.0) : at.InequalityMask(i - P);

    /// <summary>1 for rows that are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Exists(int i) => i < P ? V.Of(1.0) : Lanewise<V>.Load(at.Exists, i - P);

    /// <summary>x, y, z and s, in the lanes of a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(V mask, double* point, double* givenSlack)
    {
        dual.Primal(mask, point);
        double* duals = point + (Size.N * Step);
        Lanewise<V>.Copy(P, mask, multipliers, duals);
        for (int i = 0; i < Size.Rows; i++)
        {
            V z = V.Max(Lanewise<V>.Load(multipliers, P + i), V.Of(0.0));
            Lanewise<V>.Put(mask, z, duals, P + i);
            V isOut = V.Less(Lanewise<V>.Load(active, P + i), V.Of(0.5));
            V s = V.Select(IsInequality(P + i) & isOut, V.Max(Lanewise<V>.Load(slack, P + i), V.Of(0.0)), V.Of(0.0));
            Lanewise<V>.Put(mask, s, givenSlack, i);
        }
    }
}
