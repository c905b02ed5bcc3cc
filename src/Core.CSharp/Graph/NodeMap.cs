namespace Implicit.Graph;

/// <summary>What stands in for each of some nodes.</summary>
internal sealed class NodeMap
{
    private readonly NodeOrder nodes = new();
    private Tensor[] standIns = new Tensor[16];

    /// <summary>The stand-in for a node that has one.</summary>
    public Tensor this[Tensor node]
    {
        get => standIns[nodes.PlaceOf(node)];
        set
        {
            nodes.Add(node);
            if (nodes.Count > standIns.Length)
                Array.Resize(ref standIns, 2 * standIns.Length);
            standIns[nodes.PlaceOf(node)] = value;
        }
    }

    public bool Contains(Tensor node) => nodes.Contains(node);
}
