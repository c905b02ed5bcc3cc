using Implicit.Backends.Cpu;

namespace Implicit.Linear;

/// <summary>The numbers of a <see cref="HessenbergProblem"/> for each item of a batch: of few columns at first, of twice as many when they are full.</summary>
internal sealed unsafe class HessenbergSpace(int items) : IDisposable
{
    /// <summary>More than GMRES keeps unless it is told to.</summary>
    private const int FewColumns = 32;

    private readonly List<Storage> sizes = [];

    /// <summary>Room for few columns.</summary>
    public HessenbergNumbers Smallest(int item) => Of(0, item);

    /// <summary>The numbers of a problem that is full, in room for twice as many columns.</summary>
    public HessenbergNumbers Grown(int item, HessenbergNumbers full)
    {
        int size = int.Log2(full.Columns / FewColumns) + 1;
        HessenbergNumbers grown = Of(size, item);
        full.Right.CopyTo(grown.Right);
        full.Cosines.CopyTo(grown.Cosines);
        full.Sines.CopyTo(grown.Sines);
        for (int i = 0; i < full.Columns; i++)
            full.Column(i, i + 1).CopyTo(grown.Column(i, i + 1));
        return grown;
    }

    public void Dispose()
    {
        foreach (Storage size in sizes)
            size.Release();
    }

    private HessenbergNumbers Of(int size, int item)
    {
        while (sizes.Count <= size)
            sizes.Add(new(Pool.Shared, items * BytesOf(FewColumns << sizes.Count)));
        int columns = FewColumns << size;
        byte* numbers = sizes[size].Pointer + (item * BytesOf(columns));
        return new(new((double*)numbers, HessenbergNumbers.Room(columns)), columns);
    }

    private static long BytesOf(int columns) => (long)HessenbergNumbers.Room(columns) * sizeof(double);
}

/// <summary>What a <see cref="HessenbergProblem"/> of at most some columns consists of.</summary>
/// <param name="Numbers">All of it.</param>
/// <param name="Columns">The most columns.</param>
internal readonly record struct HessenbergNumbers(KrylovVector<double> Numbers, int Columns)
{
    /// <summary>The right side, turned: one element more than there are columns.</summary>
    public Span<double> Right => Numbers.Span[..(Columns + 1)];

    /// <summary>The cosines of the rotations.</summary>
    public Span<double> Cosines => Numbers.Span.Slice(Columns + 1, Columns);

    /// <summary>The sines of the rotations.</summary>
    public Span<double> Sines => Numbers.Span.Slice((2 * Columns) + 1, Columns);

    /// <summary>How many numbers there are.</summary>
    public static int Room(int columns) => Start(columns, columns) + 1;

    /// <summary>A column, which has one element more than the one before it, and room for one below the triangle until the next is written.</summary>
    public Span<double> Column(int index, int length) => Numbers.Span.Slice(Start(Columns, index), length);

    private static int Start(int columns, int index) => (3 * columns) + 1 + (index * (index + 1) / 2);
}
