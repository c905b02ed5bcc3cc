using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The first point: the solution with W = I, made positive (Vandenberghe 2010, "The CVXOPT linear and quadratic cone program solvers", section
/// 5.3, with the shifts of Clarabel). One solve for x and s, one for y and z, which linear programs need.
/// </summary>
internal sealed unsafe class Start<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private readonly Embedding<V, D> at;
    private readonly Scratch scratch = new(V.Count);
    private readonly double* right;
    private readonly double* point;
    private readonly double* slack;

    public Start(Embedding<V, D> at)
    {
        this.at = at;
        QpSize size = at.Block.Size;
        right = scratch.Take(size.Total);
        point = scratch.Take(size.Total);
        slack = scratch.Take(size.Rows);
    }

    private static int Step => V.Count;

    /// <summary>Sets the point of the lanes of a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ulong lanes)
    {
        QpSize size = at.Block.Size;
        int dual = size.N + size.P;
        V mask = V.FromBits(lanes);
        at.WeighEvenly();
        at.Kkt.Factor();
        Lanewise<V>.Copy(size.Total, at.Constants, right);
        Lanewise<V>.Fill(size.N, 0.0, right);
        at.Kkt.SolveRoughly(right, point);
        Lanewise<V>.Copy(size.N, mask, point, at.Point);
        Lanewise<V>.Scale(size.Rows, V.Of(-1.0), point + (dual * Step), slack);
        MakePositive(slack);
        for (int i = 0; i < size.Rows; i++)
        {
            V isInequality = at.InequalityMask(i);
            V.Store(V.Select(isInequality, Lanewise<V>.Load(slack, i), V.Of(0.0)), slack + (i * Step));
        }
        Lanewise<V>.Copy(size.Rows, mask, slack, at.Slack);
        Lanewise<V>.Fill(size.Total, 0.0, right);
        Lanewise<V>.Scale(size.N, V.Of(-1.0), at.Constants, right);
        at.Kkt.SolveRoughly(right, point);
        MakePositive(point + (dual * Step));
        Lanewise<V>.Copy(size.P + size.Rows, mask, point + (size.N * Step), at.Point + (size.N * Step));
        StartAtSolution(V.FromBits(lanes) & V.Less(V.Load(at.Degree), V.Of(1.5)));
        Lanewise<V>.Put(mask, V.Of(1.0), at.Tau, 0);
        Lanewise<V>.Put(mask, V.Of(1.0), at.Kappa, 0);
    }

    /// <summary>
    /// Without inequalities the conditions of optimality are linear. If they contradict each other, what comes out is as good as a certificate:
    /// its part along which nothing resists is 1/ε times larger than the rest.
    /// </summary>
    private void StartAtSolution(V lanes)
    {
        ulong bits = V.ToBits(lanes);
        if (bits == 0)
            return;
        QpSize size = at.Block.Size;
        at.CopyRightSide(right);
        at.Kkt.Refinement.Solve(right, point, bits);
        Lanewise<V>.Copy(size.Total, lanes, point, at.Point);
    }

    /// <summary>Moves the elements of inequalities up until the least is max(1, a tenth of their mean positive part).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MakePositive(double* v)
    {
        V least = V.Of(double.PositiveInfinity);
        V positive = V.Of(0.0);
        int rows = at.Block.Size.Rows;
        for (int i = 0; i < rows; i++)
        {
            V isInequality = at.InequalityMask(i);
            V element = Lanewise<V>.Load(v, i);
            least = V.Min(least, V.Select(isInequality, element, least));
            positive += V.Select(isInequality, V.Max(element, V.Of(0.0)), V.Of(0.0));
        }
        V target = V.Max(V.Of(1.0), V.Of(0.1) * positive / V.Load(at.Degree));
        V shift = V.Max(V.Of(0.0), target - least);
        for (int i = 0; i < rows; i++)
        {
            V isInequality = at.InequalityMask(i);
            V element = Lanewise<V>.Load(v, i);
            V.Store(V.Select(isInequality, element + shift, element), v + (i * Step));
        }
    }
}
