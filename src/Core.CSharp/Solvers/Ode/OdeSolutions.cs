using Implicit.Transforms;

namespace Implicit;

/// <summary>The full account of the solves of a batch.</summary>
/// <typeparam name="T">The tree of the state.</typeparam>
public sealed class OdeSolutions<T>
{
    private OdeSolutions(IReadOnlyList<OdeSolution<T>> items, T values)
    {
        Items = items;
        Values = values;
    }

    /// <summary>The account of each item.</summary>
    public IReadOnlyList<OdeSolution<T>> Items { get; }

    /// <summary>The states of all items, each leaf [items, m, …]; NaN at the times that an item has not reached.</summary>
    public T Values { get; }

    /// <summary>Whether every item has reached the last output time.</summary>
    public bool IsSuccess => FirstFailure is null;

    /// <summary>What happened, where, and what to try, of the first item that failed.</summary>
    public string Message =>
        FirstFailure is { } item
            ? $"{Items[item].Message} This was item {item} of {Items.Count}."
            : $"Success: all of {Items.Count} items reached the last time.";

    private int? FirstFailure
    {
        get
        {
            for (int item = 0; item < Items.Count; item++)
                if (!Items[item].IsSuccess)
                    return item;
            return null;
        }
    }

    /// <summary>How the solves ended.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Message;

    /// <param name="items">The account of each item.</param>
    /// <param name="times">The number of output times.</param>
    /// <param name="y0">The initial states, items along axis 0.</param>
    internal static OdeSolutions<T> Of(OdeSolution<T>[] items, int times, T y0)
    {
        Tensor[][] rows = Array.ConvertAll(items, item => Tree.Leaves(item.Values));
        Tensor[] starts = Tree.Leaves(y0);
        var values = new Tensor[starts.Length];
        for (int leaf = 0; leaf < values.Length; leaf++)
            values[leaf] =
                items.Length > 0
                    ? Tensor.Stack([.. rows.Select(item => Padded(item[leaf], times))], 0)
                    : Tensor.Zeros([0, times, .. starts[leaf].Shape.Skip(1)], starts[leaf].DType);
        return new OdeSolutions<T>(items, Tree.With(y0, values));
    }

    /// <summary>Rows followed by as many of NaN as are missing.</summary>
    private static Tensor Padded(Tensor rows, int count) =>
        rows.Shape[0] == count
            ? rows
            : Tensor.Concat(
                [rows, Tensor.Full([count - rows.Shape[0], .. rows.Shape.Skip(1)], double.NaN, rows.DType)],
                0
            );
}
