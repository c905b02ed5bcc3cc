namespace Implicit.Solvers;

/// <summary>Where in memory the items that still run are, row by row, and which places are idle.</summary>
internal sealed class RowPlaces
{
    private readonly int[] items;

    /// <summary>The place of each row; behind them the places that are idle.</summary>
    private readonly int[] places;

    /// <summary>From which row on idle places may be computed on.</summary>
    private int sound;

    /// <param name="size">The number of items.</param>
    public RowPlaces(int size)
    {
        items = new int[size];
        for (int item = 0; item < size; item++)
            items[item] = item;
        places = [.. items];
        Count = Size = sound = size;
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The number of places.</summary>
    public int Size { get; private set; }

    /// <summary>The place of a row.</summary>
    public int this[int row] => places[row];

    /// <summary>The places of all rows.</summary>
    public ReadOnlySpan<int> Running => places.AsSpan(0, Count);

    /// <summary>Idle places that are to become copies of a row that runs.</summary>
    public ReadOnlySpan<int> Unsound => places.AsSpan(Count, sound - Count);

    /// <summary>The items of all rows.</summary>
    public ReadOnlySpan<int> Items => items.AsSpan(0, Count);

    public int ItemOf(int row) => items[row];

    /// <summary>Makes the place of a row an idle one; the last row takes its number.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isSound">Whether what is there may be computed on.</param>
    public void Remove(int row, bool isSound)
    {
        Count--;
        items[row] = items[Count];
        (places[row], places[Count]) = (places[Count], places[row]);
        if (isSound)
            sound = sound == Count + 1 ? Count : sound;
        else if (row == 0)
            // Its copies are no better.
            DistrustIdle();
    }

    /// <summary>No idle place may be computed on any longer.</summary>
    public void DistrustIdle() => sound = Size;

    /// <summary>The idle places have become copies of the first row.</summary>
    public void TrustIdle() => sound = Count;

    /// <summary>The rows have become the first of fewer places, and the others copies of the first row.</summary>
    public void Gather(int size)
    {
        Size = size;
        for (int row = 0; row < size; row++)
            places[row] = row;
        TrustIdle();
    }
}
