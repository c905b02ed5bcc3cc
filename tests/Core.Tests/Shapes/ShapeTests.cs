using Xunit;

namespace Implicit.Tests.Shapes;

public sealed class ShapeTests
{
    private static readonly Shape Example = [2, 3, 4];

    [Fact]
    public void A_shape_spreads_to_its_extents() => Assert.Equal([7, 2, 3, 4, 7], (int[])[7, .. Example, 7]);

    [Fact]
    public void Axes_count_from_either_end()
    {
        Assert.Equal(4, Example[^1]);
        Assert.Equal(4, Example[-1]);
        Assert.Equal(2, Example[0]);
    }

    [Fact]
    public void A_missing_axis_is_named() =>
        Assert.StartsWith("[shape]", Assert.Throws<TensorException>(() => Example[3]).Message);

    [Fact]
    public void Length_is_the_product() => Assert.Equal(24, Example.Length);
}
