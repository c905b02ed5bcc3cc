using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Transforms;

/// <summary>A compiled function sees what it captured change, wherever among collections, tuples and objects of the user's it lies.</summary>
public sealed class CapturedStateTests
{
    private static readonly Tensor Two = Scalar(2.0);
    private static readonly Tensor Five = Scalar(5.0);

    /// <summary>How often a function was traced.</summary>
    private static int calls;

    [Fact]
    public void An_entry_of_a_dictionary()
    {
        var weights = new Dictionary<string, Tensor> { ["w"] = Two };
        Changes(x => x * weights["w"], () => weights["w"] = Five);
    }

    [Fact]
    public void An_element_of_a_list_or_another_one()
    {
        List<Tensor> weights = [Two];
        Changes(x => x * weights[0], () => weights[0] = Five);
        weights[0] = Two;
        Changes(x => x * weights.Aggregate((a, b) => a + b), () => weights.Add(Scalar(3.0)));
    }

    [Fact]
    public void An_element_of_a_table()
    {
        Tensor[][] jagged =
        [
            [Two],
        ];
        Changes(x => x * jagged[0][0], () => jagged[0][0] = Five);
        Tensor[,] table =
        {
            { Two },
        };
        Changes(x => x * table[0, 0], () => table[0, 0] = Five);
        double[,] numbers =
        {
            { 2.0 },
        };
        Changes(x => x * numbers[0, 0], () => numbers[0, 0] = 5.0);
    }

    [Fact]
    public void An_array_in_a_tuple_in_a_dictionary()
    {
        var weights = new Dictionary<string, (Tensor[] W, double[] B)> { ["layer"] = ([Two], [0.0]) };
        Changes(x => x * weights["layer"].W[0], () => weights["layer"].W[0] = Five);
        Changes(x => x * weights["layer"].B[0], () => weights["layer"].B[0] = 5.0, 0.0);
        var pair = Tuple.Create(new[] { Two });
        Changes(x => x * pair.Item1[0], () => pair.Item1[0] = Five);
    }

    [Fact]
    public void A_layer_of_a_network()
    {
        var net = new Network
        {
            First = new Layer { W = Two },
            Others = [new Layer { W = Scalar(1.0) }],
        };
        Tensor Forward(Tensor x) => net.Others.Aggregate(x * net.First.W, (y, layer) => y * layer.W);
        Changes(Forward, () => net.First.W = Five);
        net.First.W = Scalar(1.0);
        net.Others[0].W = Two;
        Changes(Forward, () => net.Others[0].W = Five);
    }

    [Fact]
    public void A_ring_of_objects_ends()
    {
        var layer = new Layer { W = Two };
        layer.Next = new Layer { W = Scalar(1.0), Next = layer };
        Changes(x => x * layer.Next.Next!.W, () => layer.W = Five);
    }

    /// <summary>Enumerating it would run it, and might not end.</summary>
    [Fact]
    public void A_sequence_that_is_computed_is_left_alone()
    {
        IEnumerable<int> naturals = Enumerable.InfiniteSequence(1, 1);
        Changes(x => x * naturals.First(), null, 1.0);
    }

    /// <summary>It is traced once before the change, and computes 5·x after it.</summary>
    private static void Changes(Func<Tensor, Tensor> f, Action? change, double before = 2.0)
    {
        calls = 0;
        Func<Tensor, Tensor> compiled = Compile<Tensor, Tensor>(x =>
        {
            calls++;
            return f(x);
        });
        Assert.Equal(before, compiled(Scalar(1.0)).ToDouble());
        Assert.Equal(3.0 * before, compiled(Scalar(3.0)).ToDouble());
        Assert.Equal(1, calls);
        if (change is null)
            return;
        change();
        Assert.Equal(5.0, compiled(Scalar(1.0)).ToDouble());
    }

    private sealed class Network
    {
        public required Layer First { get; set; }

        public required Layer[] Others { get; set; }
    }

    private sealed class Layer
    {
        public required Tensor W { get; set; }

        public Layer? Next { get; set; }
    }
}
