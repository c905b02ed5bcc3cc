using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Transforms;

public sealed class VmapTests
{
    private static readonly Tensor A = Tensor.Of(
        new double[,]
        {
            { 1.0, -2.0 },
            { 0.3, 0.7 },
            { 5.0, 6.0 },
        }
    );
    private static readonly Tensor B = Tensor.Of(2.0, 3.0, 4.0);

    [Fact]
    public void A_function_of_a_tree_is_called_once_for_all_items()
    {
        int calls = 0;
        Tensor result = Vectorisation.Vmap(
            ((Tensor A, Tensor B) t) =>
            {
                calls++;
                Assert.Equal([2], t.A.Shape.ToArray());
                Assert.Equal(0, t.B.Rank);
                return Tensor.Sum(t.A) * t.B;
            },
            (A, B)
        );
        Assert.Equal(1, calls);
        Assert.Equal([-2.0, 3.0, 44.0], result.ToArray());
    }

    [Fact]
    public void A_result_that_ignores_the_item_is_repeated()
    {
        (Tensor kept, Tensor doubled) = Vectorisation.Vmap((Tensor x) => (B, x * 2.0), A);
        Assert.Equal([3, 3], kept.Shape.ToArray());
        Assert.Equal([.. B.ToArray(), .. B.ToArray(), .. B.ToArray()], kept.ToArray());
        Assert.Equal([3, 2], doubled.Shape.ToArray());
    }

    [Fact]
    public void Nested_maps_give_an_outer_product()
    {
        Tensor table = Vectorisation.Vmap(
            (Tensor a) => Vectorisation.Vmap((Tensor b) => a - b, Tensor.Of(1.0, 10.0)),
            B
        );
        Assert.Equal([3, 2], table.Shape.ToArray());
        Assert.Equal([1.0, -8.0, 2.0, -7.0, 3.0, -6.0], table.ToArray());
    }

    [Fact]
    public void An_empty_batch_has_an_empty_result() =>
        Assert.Equal([0, 2], Vectorisation.Vmap((Tensor x) => x * 2.0, Tensor.Zeros([0, 2])).Shape.ToArray());

    [Fact]
    public void Batches_of_unequal_extent_are_refused_with_their_shapes()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            Vectorisation.Vmap(((Tensor A, Tensor B) t) => t.A, (A, Tensor.Of(1.0, 2.0)))
        );
        Assert.Equal(
            "[vmap] every tensor of the argument must have a batch axis in front, all of the same extent (let the function capture what the items share). "
                + "Received float64[3, 2], float64[2].",
            error.Message
        );
        Assert.Throws<TensorException>(() => Vectorisation.Vmap((Tensor x) => x, Tensor.Scalar(1.0)));
    }

    [Fact]
    public void Reading_an_item_is_an_error_that_says_what_to_use()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            Vectorisation.Vmap((Tensor x) => x.ToDouble() > 0.0 ? x : -x, B)
        );
        Assert.StartsWith("[vmap] a value must not be read while vmap traces", error.Message);
    }

    [Fact]
    public void An_item_that_got_out_is_said_to_be_one()
    {
        Tensor kept = B;
        Vectorisation.Vmap((Tensor x) => kept = 2.0 * x, B);
        TensorException error = Assert.Throws<TensorException>(() => (kept + 1.0).ToArray());
        Assert.StartsWith(
            "[vmap] what vmap traced a function with must not be kept beyond that: it never has a number. Return it",
            error.Message
        );
    }
}
