using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Memory;

public sealed unsafe class WorkspaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public void Scopes_within_each_other_have_memory_of_their_own(int length)
    {
        for (int round = 0; round < 3; round++)
        {
            using Workspace<double> outer = new(length);
            new Span<double>(outer.Pointer, length).Fill(1);
            for (int i = 0; i < 3; i++)
            {
                using Workspace<float> small = new(3);
                using Workspace<double> inner = new(length);
                Assert.Equal(0, ((nint)small.Pointer | (nint)inner.Pointer) % 64);
                new Span<float>(small.Pointer, 3).Fill(2);
                new Span<double>(inner.Pointer, length).Fill(3);
                Assert.Equal(2, small.Pointer[2]);
            }
            Assert.Equal(length, new Span<double>(outer.Pointer, length).Count(1.0));
        }
    }

    [Fact]
    public void Nothing_is_given_where_nothing_is_needed()
    {
        using Workspace<double> none = new(0);
        Assert.True(none.Pointer == null);
    }
}
