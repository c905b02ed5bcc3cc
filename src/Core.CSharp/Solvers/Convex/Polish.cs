using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Solves the optimality conditions with the active constraints as equalities, which takes an interior point's error of about √tolerance
/// to rounding, and leaves the factor that derivatives use.
/// </summary>
internal sealed unsafe class Polish<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>How often the active set is put right: constraints that are violated are added, those with negative multipliers dropped.</summary>
    private const int Rounds = 3;

    /// <summary>The most rounds of a search.</summary>
    private const int MostRounds = 8;

    /// <summary>A sign is wrong beyond this, beside the largest number of the point.</summary>
    private const double SignTolerance = 1e-10;

    private readonly Embedding<V, D> at;
    private readonly Scratch scratch = new(V.Count);
    private readonly double* right;
    private readonly double* slack;
    private readonly double* active;
    private readonly double* guessed;

    public Polish(Embedding<V, D> at)
    {
        this.at = at;
        QpSize size = at.Block.Size;
        right = scratch.Take(size.Total);
        Point = scratch.Take(size.Total);
        slack = scratch.Take(size.Rows);
        active = scratch.Take(size.Rows);
        guessed = scratch.Take(size.Rows);
    }

    /// <summary>The polished point.</summary>
    public double* Point { get; }

    /// <summary>Its slack.</summary>
    public double* Slack => slack;

    private QpSize Size => at.Block.Size;

    private static int Step => V.Count;

    /// <summary>
    /// Polishes the lanes of a mask from points with τ = 1; gives the lanes in which all signs came out right. The block's factor is that of
    /// their active set, and in the other lanes of those that are kept, that of the constraints with z &gt; s.
    /// </summary>
    /// <param name="lanes">Those to polish.</param>
    /// <param name="searching">Those of them whose point is far, so that the active set must be searched for.</param>
    /// <param name="kept">Those whose factor is needed in any case.</param>
    /// <param name="point">x, y, z.</param>
    /// <param name="givenSlack">s.</param>
    public ulong Run(ulong lanes, ulong searching, ulong kept, double* point, double* givenSlack)
    {
        Guess(point + ((Size.N + Size.P) * Step), givenSlack);
        Lanewise<V>.Copy(Size.Rows, active, guessed);
        if (searching != 0)
            lanes &= ~searching | Search(searching, point);
        ulong settled = 0;
        for (int round = 0; round < Rounds && (lanes & ~settled) != 0; round++)
        {
            // A search leaves its factor and goes on from where it came to.
            bool goesOn = round == 0 && searching != 0;
            if (!goesOn)
                Factor();
            // What has come out right stays as it is, however long others need.
            Solve(lanes & ~settled, (goesOn ? ~searching : ulong.MaxValue) & ~settled, point);
            settled |= lanes & CorrectSigns(~settled);
        }
        if ((lanes & kept & ~settled) != 0)
        {
            Lanewise<V>.Copy(Size.Rows, V.FromBits(~settled), guessed, active);
            Factor();
        }
        return settled;
    }

    /// <summary>
    /// The primal-dual active set method (M. Hintermüller, K. Ito and K. Kunisch 2002, SIAM J. Optim. 13, 865–888): all signs that are wrong are put
    /// right at once, as long as they become fewer. Gives the lanes where none is left; the factor is that of the last active set.
    /// </summary>
    private ulong Search(ulong lanes, double* start)
    {
        ulong open = lanes;
        ulong settled = 0;
        V fewest = V.Of(double.PositiveInfinity);
        for (int round = 0; ; round++)
        {
            Factor();
            SetStart(ulong.MaxValue, start);
            at.Kkt.Refinement.Correct(right, Point);
            at.Kkt.Matrix.ConeTimes(Point, slack);
            V wrong = Wrong(out V allowed);
            settled |= open & V.ToBits(V.LessOrEqual(wrong, V.Of(0.0)));
            open &= V.ToBits(V.Less(wrong, fewest)) & ~settled;
            if (open == 0 || round == MostRounds)
                return settled;
            fewest = wrong;
            Flip(V.FromBits(open), allowed);
        }
    }

    /// <summary>Active are the inequalities with z &gt; s, and the fixed variables.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Guess(double* z, double* s)
    {
        for (int i = 0; i < Size.Rows; i++)
        {
            V isInequality = at.InequalityMask(i);
            V isActive = V.Less(Lanewise<V>.Load(s, i), Lanewise<V>.Load(z, i)) & V.Of(1.0);
            V.Store(V.Select(isInequality, isActive, Lanewise<V>.Load(at.Exists, i)), active + (i * Step));
        }
    }

    /// <summary>K with W = 0 in active rows and without the others, factorised.</summary>
    private void Factor()
    {
        QpBlock block = at.Block;
        Lanewise<V>.Copy(Size.Rows, active, block.Live);
        Lanewise<V>.Fill(Size.Rows, 0.0, block.Weight);
        Lanewise<V>.Scale(Size.Rows, V.Of(1.0 / KktSystem<V, D>.Regularisation), active, block.Omega);
        at.Kkt.Factor();
    }

    /// <summary>The point solved for, from a start in the lanes of a second mask, and from where it is in the others.</summary>
    private void Solve(ulong lanes, ulong begun, double* start)
    {
        SetStart(begun, start);
        at.Kkt.Refinement.Refine(right, Point, lanes, absolute: 0.0);
        at.Kkt.Matrix.ConeTimes(Point, slack);
    }

    /// <summary>The right side, and the start with multipliers of active rows only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetStart(ulong lanes, double* start)
    {
        V mask = V.FromBits(lanes);
        at.CopyRightSide(right);
        Lanewise<V>.Copy(Size.N + Size.P, mask, start, Point);
        int dual = Size.N + Size.P;
        for (int i = 0; i < Size.Rows; i++)
        {
            V isActive = V.Less(V.Of(0.5), Lanewise<V>.Load(active, i));
            V z = V.Select(isActive, Lanewise<V>.Load(start, dual + i), V.Of(0.0));
            Lanewise<V>.Put(mask, z, Point, dual + i);
        }
    }

    /// <summary>How many signs are wrong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Wrong(out V allowed)
    {
        allowed = V.Of(SignTolerance) * V.Max(V.Of(1.0), Lanewise<V>.Largest(Size.Total, Point));
        V count = V.Of(0.0);
        for (int i = 0; i < Size.Rows; i++)
            count += IsWrong(i, allowed) & V.Of(1.0);
        return V.Select(V.LessOrEqual(allowed, V.Of(double.MaxValue)), count, V.Of(double.PositiveInfinity));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V IsWrong(int i, V allowed)
    {
        V isInequality = at.InequalityMask(i);
        V isActive = V.Less(V.Of(0.5), Lanewise<V>.Load(active, i));
        V z = Lanewise<V>.Load(Point, Size.N + Size.P + i);
        return isInequality & V.Select(isActive, V.Less(z, -allowed), V.Less(Distance(i), -allowed));
    }

    /// <summary>h − G·x in a row, from G·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Distance(int i) => Lanewise<V>.Load(at.Constants, Size.N + Size.P + i) - Lanewise<V>.Load(slack, i);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Flip(V mask, V allowed)
    {
        for (int i = 0; i < Size.Rows; i++)
        {
            V flipped = V.Of(1.0) - Lanewise<V>.Load(active, i);
            Lanewise<V>.Put(mask & IsWrong(i, allowed), flipped, active, i);
        }
    }

    /// <summary>
    /// Changes the active set of the lanes of a mask where signs are wrong, and makes the others' exact. Gives the lanes where all were right.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong CorrectSigns(ulong lanes)
    {
        int dual = Size.N + Size.P;
        V wrong = Wrong(out V allowed);
        V zero = V.Of(0.0);
        ulong settled = lanes & (ulong.MaxValue >> (64 - V.Count)) & V.ToBits(V.LessOrEqual(wrong, zero));
        Flip(V.FromBits(lanes), allowed);
        for (int i = 0; i < Size.Rows; i++)
        {
            V isInequality = at.InequalityMask(i);
            V isActive = V.Less(V.Of(0.5), Lanewise<V>.Load(active, i));
            V z = Lanewise<V>.Load(Point, dual + i);
            V s = Distance(i);
            V.Store(V.Select(isInequality, V.Max(z, zero), z), Point + ((dual + i) * Step));
            V.Store(V.Select(isInequality, V.Select(isActive, zero, V.Max(s, zero)), zero), slack + (i * Step));
        }
        return settled;
    }
}
