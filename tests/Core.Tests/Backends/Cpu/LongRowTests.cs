using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>Maps that copy many long rows as they are: from row to row and from item to item any way, into rows that need not follow each other.</summary>
public sealed class LongRowTests
{
    private const int Columns = 72;

    [Theory]
    [InlineData(3000, 200)]
    [InlineData(100, -9000)]
    [InlineData(0, 150)]
    public void Rows_are_copied_to_their_places(int item, int row)
    {
        Shape domain = [6, 50, Columns];
        IndexMap from = new(row < 0 ? -49 * row : 7, [item, row, 1]);
        IndexMap to = new(5, [50 * 80, 80, 1]);
        int length = from.Reach(domain).Last + 1;
        var map = new Map(domain, new Scalar.Input(0, DType.Float32), [new Operand(0, from)], new Operand(1, to));
        Slot[] slots =
        [
            new(SlotKind.Input, DType.Float32, length, 0),
            new(SlotKind.Output, DType.Float32, 6 * 50 * 80 + 5, 0),
        ];
        Assert.True(PreparedCopy<int>.Is(map));
        Buffer source = HostBuffer.Allocate(DType.Float32, length);
        source.Write<float>([.. Enumerable.Range(0, length).Select(i => (float)i)]);
        Buffer target = HostBuffer.Allocate(DType.Float32, slots[1].Length);
        target.Clear();
        new CpuExecutable(new Program([.. slots], [map], ArenaBytes: 0, OpaqueCount: 0)).Run([source], [], [target]);
        float[] expected = new float[target.Length];
        for (int i = 0; i < 6; i++)
        for (int j = 0; j < 50; j++)
        for (int k = 0; k < Columns; k++)
            expected[to.Offset + (((i * 50) + j) * 80) + k] = from.Offset + (i * item) + (j * row) + k;
        Assert.Equal(expected, target.Read<float>().ToArray());
    }
}
