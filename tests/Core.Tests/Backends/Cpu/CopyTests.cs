using System.Numerics;
using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Implicit.Tests.Engine;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>
/// Maps that copy many long rows as they are, or transpose: from row to row and from item to item any way, into rows that need not follow each other.
/// There are enough points for several threads, whose parts begin within an item.
/// </summary>
[Collection(nameof(Alone))]
public sealed class CopyTests
{
    private const int Columns = 72;
    private const int Width = 80;

    /// <summary>Items, rows of each, and the source's strides.</summary>
    public static TheoryData<int, int, int, int, int> Layouts =>
        new()
        {
            { 7, 150, 30_000, 200, 1 },
            { 7, 150, 100, -9000, 1 },
            { 7, 150, 0, 150, 1 },
            { 161, 8, Columns, 161 * Columns, 1 },
            { 7, 150, 150 * Columns, 1, 150 },
            { 161, 8, 8 * Columns, 1, 8 },
        };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Four_bytes_are_copied_to_their_places(int items, int rows, int item, int row, int column) =>
        AssertCopied<float, int>(DType.Float32, [items, rows, Columns], [item, row, column]);

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Eight_bytes_are_copied_to_their_places(int items, int rows, int item, int row, int column) =>
        AssertCopied<double, long>(DType.Float64, [items, rows, Columns], [item, row, column]);

    private static void AssertCopied<T, TBits>(DType dtype, Shape domain, int[] strides)
        where T : unmanaged, INumber<T>
        where TBits : unmanaged
    {
        (int items, int rows) = (domain[0], domain[1]);
        IndexMap from = new(strides[1] < 0 ? (1 - rows) * strides[1] : 7, [.. strides]);
        IndexMap to = new(5, [rows * Width, Width, 1]);
        var map = new Map(domain, new Scalar.Input(0, dtype), [new Operand(0, from)], new Operand(1, to));
        Assert.True(PreparedCopy<TBits>.Is(map));
        int length = from.Reach(domain).Last + 1;
        T[] expected = new T[(items * rows * Width) + to.Offset];
        for (int i = 0; i < items; i++)
        for (int j = 0; j < rows; j++)
        for (int k = 0; k < Columns; k++)
            expected[to.Offset + (((i * rows) + j) * Width) + k] = T.CreateChecked(
                from.Offset + (i * strides[0]) + (j * strides[1]) + (k * strides[2])
            );
        Slot[] slots = [new(SlotKind.Input, dtype, length, 0), new(SlotKind.Output, dtype, expected.Length, 0)];
        Buffer source = HostBuffer.Allocate(dtype, length);
        source.Write<T>([.. Enumerable.Range(0, length).Select(T.CreateChecked)]);
        var program = new Program([.. slots], [map], ArenaBytes: 0, OpaqueCount: 0);
        foreach (int threads in (int[])[1, 2, 3])
            Assert.Equal(expected, Run<T>(program, source, threads));
    }

    private static T[] Run<T>(Program program, Buffer source, int threads)
        where T : unmanaged
    {
        Buffer target = HostBuffer.Allocate(source.DType, program.Slots[1].Length);
        target.Clear();
        int before = Threads.Count;
        try
        {
            Threads.Count = threads;
            new CpuExecutable(program).Run([source], [], [target]);
        }
        finally
        {
            Threads.Count = before;
        }
        T[] values = target.Read<T>().ToArray();
        GC.KeepAlive(target);
        return values;
    }
}
