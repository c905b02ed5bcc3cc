using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex;

/// <summary>What a batch of quadratic programs looks like: extents, items, and which data are there and shared.</summary>
/// <param name="Size">The extents of one item.</param>
/// <param name="Items">The number of items.</param>
/// <param name="Present">Which of the data are there, in the order of the constants.</param>
/// <param name="Shared">Which of the data all items share.</param>
internal sealed record QpForm(QpSize Size, int Items, ValueArray<bool> Present, ValueArray<bool> Shared)
{
    public const int Linear = 0;
    public const int Quadratic = 1;
    public const int EqualityMatrix = 2;
    public const int EqualityRight = 3;
    public const int InequalityMatrix = 4;
    public const int InequalityRight = 5;
    public const int Lower = 6;
    public const int Upper = 7;

    /// <summary>The number of kinds of data.</summary>
    public const int Data = 8;

    public bool Has(int datum) => Present[datum];

    public bool IsShared(int datum) => Shared[datum];

    /// <summary>One element per kind of data from one per datum that is there.</summary>
    public T?[] Spread<T>(ReadOnlySpan<T?> present)
        where T : class => Flags.Spread(Present.Span, present);

    /// <summary>One tensor per datum that is there and needed.</summary>
    public Tensor?[] Gather(ReadOnlySpan<bool> needed, Func<int, Tensor> make)
    {
        var gathered = new Tensor?[needed.Length];
        int next = 0;
        for (int datum = 0; datum < Data; datum++)
            if (Has(datum) && needed[next++])
                gathered[next - 1] = make(datum);
        return gathered;
    }

    /// <summary>
    /// [size·items, …] from an input that may lack the axis of the batch or that of the items; one that lacks both stays one for all.
    /// </summary>
    public static Tensor Merge(Tensor input, bool isBatched, bool isShared, int size, int items)
    {
        if (isShared && !isBatched)
            return input;
        Tensor all = Batching.Materialise(input, isBatched, size);
        if (isShared)
            all = Tensor.Expand(Tensor.Unsqueeze(all, 1), all.Shape.Skip(1).Prepend(items).Prepend(size));
        return Tensor.Reshape(all, all.Shape.Skip(2).Prepend(size * items));
    }
}
