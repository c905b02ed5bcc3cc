namespace Implicit.Solvers.Ode;

/// <summary>The arguments of a traced piece, taken from the front. Of what has leaves there are as many tensors as leaves.</summary>
/// <param name="all">All of them.</param>
internal sealed class Arguments(Tensor[] all)
{
    private int next;

    /// <summary>Those that are left.</summary>
    public Tensor[] Rest => all[next..];

    /// <summary>The next one.</summary>
    public Tensor Take() => all[next++];

    /// <summary>The next ones.</summary>
    public Tensor[] Take(int count)
    {
        Tensor[] taken = all[next..(next + count)];
        next += count;
        return taken;
    }
}
