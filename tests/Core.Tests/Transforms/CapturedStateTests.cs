using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Transforms;

/// <summary>A compiled function sees what it captured change, wherever among collections, tuples and objects of the user's it lies.</summary>
public sealed class CapturedStateTests
{
    private static readonly Tensor Two = Scalar(2.0);
    private static readonly Tensor Five = Scalar(5.0);

    private static readonly ManualResetEventSlim Read = new();
    private static readonly ManualResetEventSlim Written = new();

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

    /// <summary>0 and −0 are equal, and 1/0 and 1/−0 are not.</summary>
    [Fact]
    public void The_sign_of_a_zero()
    {
        static double TwoOrFive(double zero) => double.IsNegative(zero) ? 5.0 : 2.0;
        double number = 0.0;
        Changes(x => x * TwoOrFive(number), () => number = -0.0);
        (string Name, double Number) named = ("a", 0.0);
        Changes(x => x * TwoOrFive(named.Number), () => named.Number = -0.0);
        var entries = new Dictionary<string, double> { ["a"] = 0.0 };
        Changes(x => x * TwoOrFive(entries["a"]), () => entries["a"] = -0.0);
        var sorted = new SortedDictionary<string, double> { ["a"] = 0.0 };
        Changes(x => x * TwoOrFive(sorted["a"]), () => sorted["a"] = -0.0);
    }

    [Fact]
    public void A_structure_that_calls_different_ones_equal()
    {
        var version = new Version { Number = 2.0 };
        Changes(x => x * version.Number, () => version = new Version { Number = 5.0 });
        (Version First, string Name) pair = (new Version { Number = 2.0 }, "a");
        Changes(x => x * pair.First.Number, () => pair.First = new Version { Number = 5.0 });
    }

    [Fact]
    public void An_object_in_the_argument()
    {
        calls = 0;
        var box = new Box { Number = 2.0 };
        List<double> numbers = [];
        Func<(Tensor, Box, List<double>), Tensor> f = Compile<(Tensor X, Box Box, List<double> Numbers), Tensor>(all =>
        {
            calls++;
            return all.X * (all.Box.Number + all.Numbers.Sum());
        });
        Assert.Equal(2.0, f((Scalar(1.0), box, numbers)).ToDouble());
        Assert.Equal(6.0, f((Scalar(3.0), box, numbers)).ToDouble());
        Assert.Equal(1, calls);
        box.Number = 5.0;
        Assert.Equal(5.0, f((Scalar(1.0), box, numbers)).ToDouble());
        numbers.Add(1.0);
        Assert.Equal(6.0, f((Scalar(1.0), box, numbers)).ToDouble());
        Assert.Equal(6.0, f((Scalar(1.0), box, [1.0])).ToDouble());
        Assert.Equal(3, calls);
    }

    [Fact]
    public void The_sign_of_a_zero_in_the_argument()
    {
        Func<(Tensor, double, float), Tensor> f = Compile<(Tensor X, double A, float B), Tensor>(all =>
            all.X / all.A + (all.X / all.B)
        );
        Assert.Equal(double.PositiveInfinity, f((Scalar(1.0), 0.0, 0f)).ToDouble());
        Assert.Equal(double.NegativeInfinity, f((Scalar(1.0), -0.0, -0f)).ToDouble());
        Assert.Equal(double.NaN, f((Scalar(1.0), 0.0, -0f)).ToDouble());
    }

    /// <summary>What another thread replaces while f is traced must not be taken for what f was traced with.</summary>
    [Fact]
    public void A_number_that_changes_while_it_is_traced()
    {
        calls = 0;
        double number = 2.0;
        Func<Tensor, Tensor> f = Compile<Tensor, Tensor>(x =>
        {
            double now = number;
            Read.Set();
            Written.Wait();
            calls++;
            return x * now;
        });
        var writer = new Thread(() =>
        {
            Read.Wait();
            number = 5.0;
            Written.Set();
        });
        writer.Start();
        f(Scalar(1.0));
        writer.Join();
        Assert.Equal(5.0, f(Scalar(1.0)).ToDouble());
        Assert.Equal(15.0, f(Scalar(3.0)).ToDouble());
        Assert.Equal(2, calls);
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
        Assert.InRange(Bytes.Of(() => compiled(one)), 1, 120);
        named["w"] = Two;
        Assert.Equal(10.0 + 1.0 + 1.0 + 3.0, compiled(one).ToDouble());
    }

    /// <summary>Enumerating it would run it, and might not end. It changes where f first enumerates it, so f is traced once more.</summary>
    [Fact]
    public void A_sequence_that_is_computed_is_left_alone()
    {
        IEnumerable<int> naturals = Enumerable.InfiniteSequence(1, 1);
        Changes(x => x * naturals.First(), null, 1.0, traces: 2);
    }

    /// <summary>It is traced as often as is said, once as a rule, before the change, and computes 5·x after it.</summary>
    private static void Changes(Func<Tensor, Tensor> f, Action? change, double before = 2.0, int traces = 1)
    {
        calls = 0;
        Func<Tensor, Tensor> compiled = Compile<Tensor, Tensor>(x =>
        {
            calls++;
            return f(x);
        });
        Assert.Equal(before, compiled(Scalar(1.0)).ToDouble());
        Assert.Equal(3.0 * before, compiled(Scalar(3.0)).ToDouble());
        Assert.Equal(traces, calls);
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

    private sealed class Box
    {
        public double Number { get; set; }
    }

    /// <summary>All are equal.</summary>
    private struct Version : IEquatable<Version>
    {
        public double Number { get; set; }

        public readonly bool Equals(Version other) => true;

        public override readonly bool Equals(object? obj) => obj is Version;

        public override readonly int GetHashCode() => 0;
    }

    private sealed class Layer
    {
        public required Tensor W { get; set; }

        public Layer? Next { get; set; }
    }
}
