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

    [Fact]
    public void A_captured_number_or_a_set()
    {
        double number = 2.0;
        Changes(x => x * number, () => number = 5.0);
        int? count = 2;
        Changes(x => x * (count ?? 5.0), () => count = null);
        SortedSet<double> set = [2.0];
        Changes(x => x * set.Max, () => set.Add(5.0));
        List<double> numbers = [2.0];
        Changes(x => x * numbers[0], () => numbers[0] = 5.0);
        var ordered = new Dictionary<string, double> { ["a"] = 2.0, ["b"] = 5.0 };
        Changes(x => x * ordered.Values.First(), () => ordered.Remove("a"));
    }

    [Fact]
    public void Large_data_beside_what_changes_is_read_once_and_not_in_each_call()
    {
        double[] samples = new double[100_000];
        List<double> list = [.. samples];
        List<Layer> rows = [.. Enumerable.Range(0, 20_000).Select(_ => new Layer { W = Two })];
        double factor = 2.0;
        double[] table = [.. Enumerable.Repeat(2.0, 10_000)];
        var named = new Dictionary<string, Tensor> { ["w"] = Scalar(1.0) };
        Func<Tensor, Tensor> f = x => x * factor * named["w"] + samples[0] + list[0] + (rows[0].W - Two);
        Changes(f, () => factor = 5.0);
        Changes(x => x * table[^1], () => table[^1] = 5.0);
        Func<Tensor, Tensor> compiled = Compile(f);
        Tensor one = Scalar(1.0);
        Assert.Equal(5.0, compiled(one).ToDouble());
        (samples[0], list[0], rows[0].W) = (1.0, 1.0, Five);
        Assert.Equal(5.0, compiled(one).ToDouble());
        Assert.InRange(Bytes(() => compiled(one)), 1, 120);
        named["w"] = Two;
        Assert.Equal(10.0 + 1.0 + 1.0 + 3.0, compiled(one).ToDouble());
    }

    /// <summary>The least of several counts of a warm call: the tiers of the JIT allocate on their own.</summary>
    private static long Bytes(Action call)
    {
        for (int i = 0; i < 40; i++)
            call();
        return Enumerable
            .Range(0, 10)
            .Min(_ =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                call();
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });
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
