using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>
/// The inverse of vmap, graph to graph: the function of one item in a function of all, along axis 0 of its parameters and results. Every node that
/// depends on a parameter must keep the items apart along its own axis 0; what it was computed with is per item or shared, whichever fits.
/// </summary>
/// <remarks>
/// Types are all that is looked at. Where another axis has as many places as there are items, a node can pass that mixes them: whoever needs to
/// be sure compares values. Elsewhere an operation that passes could mix items only by moving axis 0 to another place or by summing along it, and
/// neither has the type of an item.
/// </remarks>
internal sealed class Unbatching
{
    private readonly string name;
    private readonly Function whole;
    private readonly int size;
    private readonly NodeOrder inside;
    private readonly List<(Tensor Argument, bool IsPerItem)> uses = [];
    private readonly Dictionary<(Tensor Node, int Input), int> useOf = [];
    private bool isSure = true;

    private Unbatching(string name, Function whole, int size)
    {
        this.name = name;
        this.whole = whole;
        this.size = size;
        inside = Walk.Between(whole.Arguments.AsSpan(0, whole.ParameterCount), whole.Results);
        foreach (Tensor node in inside.Nodes[whole.ParameterCount..])
            Read(node);
    }

    /// <summary>Reads the function of one item.</summary>
    /// <param name="name">Who asks, for messages.</param>
    /// <param name="whole">The function of all items.</param>
    /// <param name="captures">What it captured.</param>
    /// <param name="size">The number of items, more than one.</param>
    /// <returns>
    /// (parameters and captures of one item) → results of one item; what it captures, of which those that are per item have the axis in front;
    /// whether the types alone tell that no items meet.
    /// </returns>
    /// <exception cref="TensorException">Items meet in an operation, or may.</exception>
    public static (Function Item, Tensor[] Captures, bool[] IsPerItem, bool IsSure) Of(
        string name,
        Function whole,
        Tensor[] captures,
        int size
    )
    {
        var reading = new Unbatching(name, whole, size);
        Tensor[] results = [.. whole.Results.Where(result => !reading.inside.Contains(result))];
        foreach (Tensor result in results)
            reading.Use(result, 0, result, isPerItem: true);
        return (
            reading.Build(),
            [
                .. reading.uses.Select(use =>
                    captures[Array.IndexOf(whole.Arguments, use.Argument) - whole.ParameterCount]
                ),
            ],
            [.. reading.uses.Select(use => use.IsPerItem)],
            reading.isSure
        );
    }

    /// <summary>Finds which captures of a node are per item: none if that will do, or else those that lie along the items of the result.</summary>
    private void Read(Tensor node)
    {
        bool[] captured = Array.ConvertAll(node.InputArray, input => !inside.Contains(input));
        bool[] own = Array.ConvertAll(captured, isCaptured => !isCaptured);
        bool[] along = Array.ConvertAll(node.InputArray, input => HoldsItems(input.Type) && input.Rank == node.Rank);
        bool[] most = [.. own.Zip(along, (isOwn, isAlong) => isOwn || isAlong)];
        bool[]? perItem =
            Fits(node, own) ? own
            : Fits(node, most) ? most
            : null;
        if (perItem is null)
            Throw.Error(
                name,
                "for perItem, row i of what the function returns must depend on row i of the state alone, and be seen to (otherwise write the function "
                    + "of one item, and vmap the solve)",
                $"{node.Op.Name} : {node.Type}, in which rows meet or may"
            );
        isSure &= !Array.Exists([node, .. node.InputArray], one => Enumerable.Skip(one.Shape, 1).Contains(size));
        for (int i = 0; i < captured.Length; i++)
            if (captured[i])
                Use(node, i, node.Inputs[i], perItem[i]);
    }

    /// <summary>Whether the node has a meaning for one item, where the given inputs hold items and the others are shared.</summary>
    private bool Fits(Tensor node, bool[] perItem)
    {
        if (!HoldsItems(node.Type) || node.Op.OfItem(OfItem(node.Type).Shape) is not { } op)
            return false;
        TensorType[] types = node.Inputs.Types;
        for (int i = 0; i < types.Length; i++)
            if (perItem[i])
            {
                if (!HoldsItems(types[i]))
                    return false;
                types[i] = OfItem(types[i]);
            }
        try
        {
            return op.Infer(types) == OfItem(node.Type);
        }
        catch (TensorException)
        {
            return false;
        }
    }

    private void Use(Tensor node, int input, Tensor argument, bool isPerItem)
    {
        int known = uses.IndexOf((argument, isPerItem));
        if (known < 0)
        {
            known = uses.Count;
            uses.Add((argument, isPerItem));
        }
        useOf[(node, input)] = known;
    }

    private Function Build()
    {
        Tensor[] parameters = whole.Arguments[..whole.ParameterCount];
        TensorType[] types =
        [
            .. parameters.Select(parameter => Without(parameter.Type)),
            .. uses.Select(use => use.IsPerItem ? Without(use.Argument.Type) : use.Argument.Type),
        ];
        return Function.TraceClosed(
            name,
            types,
            all =>
            {
                var rows = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
                for (int i = 0; i < parameters.Length; i++)
                    rows[parameters[i]] = Tensor.Unsqueeze(all[i], 0);
                foreach (Tensor node in inside.Nodes[parameters.Length..])
                    rows[node] = Tensor.Apply(
                        node.Op.OfItem(OfItem(node.Type).Shape)!,
                        [.. node.InputArray.Select((input, i) => rows.GetValueOrDefault(input) ?? Used(node, i))]
                    );
                return
                [
                    .. whole.Results.Select(result =>
                        Tensor.Squeeze(rows.GetValueOrDefault(result) ?? Used(result, 0), 0)
                    ),
                ];

                Tensor Used(Tensor node, int input)
                {
                    int use = useOf[(node, input)];
                    Tensor given = all[parameters.Length + use];
                    return uses[use].IsPerItem ? Tensor.Unsqueeze(given, 0) : given;
                }
            }
        );
    }

    private bool HoldsItems(TensorType type) => type.Shape.Rank > 0 && type.Shape[0] == size;

    private static TensorType OfItem(TensorType type) => type with { Shape = type.Shape.Skip(1).Prepend(1) };

    private static TensorType Without(TensorType type) => type with { Shape = type.Shape.Skip(1) };
}
