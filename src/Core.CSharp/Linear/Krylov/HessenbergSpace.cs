using Implicit.Backends.Cpu;

namespace Implicit.Linear;

/// <summary>
/// The numbers of a <see cref="HessenbergProblem"/> for each item of a batch: of few columns in memory of the batch, of more in the item's own,
/// so that a slow item takes no memory for others.
/// </summary>
internal sealed unsafe class HessenbergSpace(Pool pool, int items) : IDisposable
{
    /// <summary>More than GMRES keeps unless it is told to.</summary>
    private const int FewColumns = 32;

    private readonly Dictionary<int, (Storage Storage, int Columns)> grown = [];
    private Storage? few;

    /// <summary>An item's numbers, whatever was left in them, in as much room as it has grown to.</summary>
    public HessenbergNumbers Of(int item)
    {
        if (grown.TryGetValue(item, out (Storage Storage, int Columns) own))
            return new((double*)own.Storage.Pointer, own.Columns);
        few ??= new(pool, items * BytesOf(FewColumns));
        return new((double*)(few.Pointer + (item * BytesOf(FewColumns))), FewColumns);
    }

    /// <summary>An item's numbers in room for twice as many columns; where they were is no longer theirs.</summary>
    public HessenbergNumbers Grown(int item)
    {
        HessenbergNumbers full = Of(item);
        int columns = 2 * full.Columns;
        var storage = new Storage(pool, BytesOf(columns));
        var numbers = new HessenbergNumbers((double*)storage.Pointer, columns);
        full.CopyTo(numbers);
        if (grown.TryGetValue(item, out (Storage Storage, int Columns) own))
            own.Storage.Release();
        grown[item] = (storage, columns);
        return numbers;
    }

    public void Dispose()
    {
        few?.Release();
        foreach ((Storage storage, _) in grown.Values)
            storage.Release();
    }

    private static long BytesOf(int columns) => HessenbergNumbers.Room(columns) * sizeof(double);
}

/// <summary>What a <see cref="HessenbergProblem"/> of at most some columns consists of.</summary>
/// <param name="numbers">All of it.</param>
/// <param name="columns">The most columns.</param>
internal readonly unsafe struct HessenbergNumbers(double* numbers, int columns)
{
    public int Columns => columns;

    /// <summary>The right side, turned: one element more than there are columns.</summary>
    public Span<double> Right => new(numbers, columns + 1);

    /// <summary>The cosines of the rotations.</summary>
    public Span<double> Cosines => new(numbers + columns + 1, columns);

    /// <summary>The sines of the rotations.</summary>
    public Span<double> Sines => new(numbers + (2L * columns) + 1, columns);

    /// <summary>How many numbers there are.</summary>
    public static long Room(int columns) => Start(columns, columns) + 1;

    /// <summary>A column, which has one element more than the one before it, and room for one below the triangle until the next is written.</summary>
    public Span<double> Column(int index, int length) => new(numbers + Start(columns, index), length);

    /// <summary>Copies all to where there is room for more.</summary>
    public void CopyTo(HessenbergNumbers target)
    {
        Right.CopyTo(target.Right);
        Cosines.CopyTo(target.Cosines);
        Sines.CopyTo(target.Sines);
        for (int i = 0; i < columns; i++)
            Column(i, i + 1).CopyTo(target.Column(i, i + 1));
    }

    private static long Start(int columns, int index) => (3L * columns) + 1 + (index * (index + 1L) / 2);
}
