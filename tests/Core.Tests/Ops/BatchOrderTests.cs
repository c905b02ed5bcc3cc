using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Ops;

/// <summary>In what order a reduction adds depends on the item alone, so that in a batch of any size it is to the bit what it is by itself.</summary>
public sealed class BatchOrderTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Reductions = new()
    {
        ["columns that lie in memory"] = x => Tensor.Sum(x, 0),
        ["columns that are computed"] = x => Tensor.Sum(Tensor.Sin(x) * x[0], 0),
        ["rows"] = x => Tensor.Sum(Tensor.Sin(x), 1),
        ["rows of a transpose"] = x => Tensor.Sum(x.T * x, 1),
        ["a diagonal"] = x => Tensor.Trace(x),
        ["every third element"] = x => Tensor.Sum(Tensor.Slice(Tensor.Reshape(x, [x.Length]), 0, step: 3)),
        ["a column"] = x => Tensor.Sum(x[.., 0] * x[.., 1]),
        ["factors"] = x => Tensor.Prod(1.0 + (0.1 * x), 0),
        ["exponentials"] = x => Tensor.LogSumExp(x, 0),
        ["squares"] = x => Tensor.Variance(x, 0),
        ["pivots"] = x => Tensor.SlogDet(x + (3.0 * Tensor.Eye(9, dtype: x.DType))).LogAbs,
    };

    public static TheoryData<string> Names => [.. Reductions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_item_is_to_the_bit_what_it_is_alone(string name)
    {
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        foreach (int items in new[] { 2, 8, 70, 600 })
        {
            Tensor places = Tensor.Linspace(1.0, 99.0, items * 81, dtype);
            Tensor batch = Tensor.Reshape(Tensor.Sin(places * places), [items, 9, 9]);
            batch.ToArray();
            Tensor together = Vectorisation.Vmap(Reductions[name], batch);
            for (int item = 0; item < items; item += 1 + (items / 7))
                Assert.Equal(Reductions[name](batch[item]).ToArray(), together[item].ToArray());
        }
    }

    /// <summary>Of long rows a block holds one, of an item alone or of several.</summary>
    [Theory]
    [InlineData(40, 100)]
    [InlineData(70, 300)]
    [InlineData(33, 700)]
    public void Sums_across_long_rows_are_what_they_are_alone(int rows, int columns)
    {
        Tensor places = Tensor.Linspace(1.0, 99.0, 5 * rows * columns);
        Tensor batch = Tensor.Reshape(Tensor.Sin(places * places), [5, rows, columns]);
        batch.ToArray();
        Tensor together = Vectorisation.Vmap(item => Tensor.Sum(item * item + item[0], 0), batch);
        for (int item = 0; item < 5; item++)
            Assert.Equal(Tensor.Sum(batch[item] * batch[item] + batch[item][0], 0).ToArray(), together[item].ToArray());
    }

    [Fact]
    public void A_batch_of_solves_with_sums_across_rows_is_what_its_items_are_alone()
    {
        Tensor places = Tensor.Linspace(1.0, 99.0, 30 * 81);
        Tensor weights = 0.2 * Tensor.Reshape(Tensor.Sin(places * places), [30, 9, 9]);
        Solution<Tensor> batch = FixedPoint.SolveEach(Cell, weights, Tensor.Zeros([30, 9]));
        for (int item = 0; item < 30; item += 7)
        {
            Tensor own = weights[item];
            Tensor alone = FixedPoint.Find(z => Cell(own, z), Tensor.Zeros([9]));
            Assert.Equal(alone.ToArray(), batch.Value[item].ToArray());
        }

        static Tensor Cell(Tensor w, Tensor z) => Tensor.Tanh(Tensor.Sum(w * Tensor.Unsqueeze(z, -1), 0) + w[0]);
    }
}
