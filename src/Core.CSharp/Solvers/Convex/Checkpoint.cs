using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Where lanes stood when their trials began, to go on from there if these fail.</summary>
internal sealed unsafe class Checkpoint<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private readonly Embedding<V, D> at;
    private readonly Scratch scratch = new(V.Count);
    private readonly double* point;
    private readonly double* slack;
    private readonly double* tau;
    private readonly double* kappa;

    public Checkpoint(Embedding<V, D> at)
    {
        this.at = at;
        point = scratch.Take(Size.Total);
        slack = scratch.Take(Size.Rows);
        tau = scratch.Take(1);
        kappa = scratch.Take(1);
    }

    private QpSize Size => at.Block.Size;

    public void Save(V mask)
    {
        Lanewise<V>.Copy(Size.Total, mask, at.Point, point);
        Lanewise<V>.Copy(Size.Rows, mask, at.Slack, slack);
        Lanewise<V>.Copy(1, mask, at.Tau, tau);
        Lanewise<V>.Copy(1, mask, at.Kappa, kappa);
    }

    public void Restore(V mask)
    {
        Lanewise<V>.Copy(Size.Total, mask, point, at.Point);
        Lanewise<V>.Copy(Size.Rows, mask, slack, at.Slack);
        Lanewise<V>.Copy(1, mask, tau, at.Tau);
        Lanewise<V>.Copy(1, mask, kappa, at.Kappa);
    }
}
