using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.House;

public sealed class PublicApiTests
{
    [Fact]
    public void The_surface_of_the_core_is_the_reviewed_one()
    {
        string? difference = Snapshot.Difference(
            "tests/Core.Tests/Api/Implicit.Core.txt",
            PublicApi.Of(typeof(DType).Assembly)
        );
        Assert.True(difference is null, difference);
    }
}
