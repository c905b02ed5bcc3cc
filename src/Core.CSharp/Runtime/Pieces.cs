using Implicit.Graph;

namespace Implicit.Runtime;

/// <summary>
/// Cuts a graph that is too long for one plan (an unrolled loop of many steps). Its pieces are planned one by one, and repeat when
/// the loop's steps do, so that the plan of one serves for many.
/// </summary>
internal static class Pieces
{
    /// <summary>The most nodes that are planned at once.</summary>
    public const int LongestPlan = 8192;

    private const int Length = 1024;

    /// <summary>For each piece in order, what is to be computed: the results, and what later pieces need of it.</summary>
    public static IEnumerable<Tensor[]> Of(NodeOrder order, NodeOrder results)
    {
        int[] pieces = new int[order.Count];
        bool[] wanted = new bool[order.Count];
        for (int i = 0; i < pieces.Length; i++)
        {
            Tensor node = order[i];
            InputList inputs = node.Inputs;
            if (node.Value is not null)
                continue;
            // The results of an operation that has several are computed with it: a tuple has no value to hand over.
            pieces[i] = node.Op is ProjectOp ? pieces[order.PlaceOf(inputs[0])] : i / Length;
            wanted[i] = results.Contains(node);
            foreach (Tensor input in inputs)
                if (order.PlaceOf(input) is var place && pieces[place] != pieces[i])
                    wanted[place] |= input.Op is not LiteralOp;
        }
        return Group(order, pieces, wanted);
    }

    private static IEnumerable<Tensor[]> Group(NodeOrder order, int[] pieces, bool[] wanted) =>
        Enumerable
            .Range(0, order.Count)
            .Where(i => wanted[i] && order[i].Value is null)
            .GroupBy(i => pieces[i], i => order[i])
            .OrderBy(piece => piece.Key)
            .Select(piece => piece.ToArray());
}
