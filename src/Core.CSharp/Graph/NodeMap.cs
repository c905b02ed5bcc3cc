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

    /// <summary>The stand-ins for a node's inputs.</summary>
    public InputList StandIns(InputList inputs)
    {
        if (inputs.Length == 1)
            return new InputList(this[inputs[0]]);
        if (inputs.Length == 2)
            return new InputList(this[inputs[0]], this[inputs[1]]);
        var all = new Tensor[inputs.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = this[inputs[i]];
        return new InputList(all);
    }

    public bool Contains(Tensor node) => nodes.Contains(node);
}
