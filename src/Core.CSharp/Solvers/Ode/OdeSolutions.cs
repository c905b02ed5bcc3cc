using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Solvers;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

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
            ? Items[item].Message + FailureText.WasItem(item, Items.Count)
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
        Tensor[] starts = Tree.Leaves(y0);
        Tensor[][] rows = Array.ConvertAll(items, item => Tree.Leaves(item.Values));
        var values = new Tensor[starts.Length];
        for (int leaf = 0; leaf < values.Length; leaf++)
            values[leaf] = Together(Array.ConvertAll(rows, item => item[leaf]), times, starts[leaf]);
        return new OdeSolutions<T>(items, Tree.With(y0, values));
    }

    /// <summary>Rows of all items, each followed by as many of NaN as are missing.</summary>
    private static Tensor Together(Tensor[] items, int times, Tensor starts)
    {
        Shape state = starts.Shape.Skip(1);
        Shape trajectories = state.Prepend(times).Prepend(items.Length);
        int length = times * state.Length;
        Buffer all = Device.Cpu.Backend.Allocate(starts.DType, trajectories.Length);
        for (int item = 0; item < items.Length; item++)
        {
            Buffer reached = Reading.Force(items[item]);
            all.CopyFrom(reached, 0, item * length, reached.Length);
            double[] missing = [.. Enumerable.Repeat(double.NaN, length - reached.Length)];
            Elements.Write(all, (item * length) + reached.Length, missing);
        }
        return Tensor.Data(all, trajectories);
    }
}
