using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Memory;

public sealed unsafe class StreamingTests
{
    private const int Margin = 64;

    /// <summary>Wherever the copy begins in a line and ends in one, within one line or over several.</summary>
    [Fact]
    public void All_bytes_are_copied_and_no_others_are_touched()
    {
        for (int bytes = 0; bytes <= 200; bytes++)
        for (int start = 0; start < Margin; start++)
            AssertCopies(bytes, start, start * 7 % Margin);
    }

    private static void AssertCopies(int bytes, int start, int sourceStart)
    {
        using Workspace<byte> source = new(bytes + Margin);
        using Workspace<byte> target = new(bytes + (3 * Margin));
        for (int i = 0; i < bytes; i++)
            source.Pointer[sourceStart + i] = (byte)(i + 1);
        Span<byte> all = new(target.Pointer, bytes + (3 * Margin));
        all.Clear();
        Streaming.Copy(source.Pointer + sourceStart, target.Pointer + Margin + start, bytes);
        Span<byte> copied = all.Slice(Margin + start, bytes);
        Assert.True(copied.SequenceEqual(new Span<byte>(source.Pointer + sourceStart, bytes)));
        copied.Clear();
        Assert.False(all.ContainsAnyExcept((byte)0));
    }
}
