using Xunit;

namespace Implicit.Tests;

public sealed class HouseTests
{
    [Fact]
    public void The_core_is_named_for_the_library() =>
        Assert.Equal("Implicit.Core", typeof(AssemblyMarker).Assembly.GetName().Name);
}
