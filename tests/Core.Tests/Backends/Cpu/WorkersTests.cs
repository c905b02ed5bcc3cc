using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>Jobs on several threads: every part is done once, together where that is possible, and no result depends on the number.</summary>
public sealed unsafe class WorkersTests
{
    [Fact]
    public void Every_part_is_done_once()
    {
        for (int round = 0; round < 2000; round++)
        {
            int parts = (round % 7) + 1;
            int[] done = new int[parts];
            CountingJob job = new(done);
            Workers.Run(parts, ref job);
            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Parts_run_at_the_same_time()
    {
        // Alone if another test's job is under way: so it is tried again.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        bool met = false;
        while (!met && clock.Elapsed.TotalSeconds < 60)
        {
            Meeting meeting = new();
            MeetingJob job = new(meeting);
            Workers.Run(2, ref job);
            met = meeting.HaveMet;
        }
        Assert.True(met);
    }

    [Fact]
    public void What_a_part_throws_reaches_the_caller_and_the_next_job_runs()
    {
        FailingJob job = default;
        Assert.Throws<InvalidOperationException>(() => Workers.Run(3, ref job));
        Every_part_is_done_once();
    }

    [Fact]
    public void A_job_inside_a_job_runs_on_its_thread()
    {
        int[] done = new int[16];
        NestedJob job = new(done);
        Workers.Run(4, ref job);
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Starts_cover_the_length_in_multiples_of_the_grain()
    {
        foreach (long length in new long[] { 0, 1, 5, 64, 100, 1001 })
        {
            foreach (long grain in new long[] { 1, 8, 300 })
            {
                Assert.Equal(0, Workers.Start(length, grain, 0, 3));
                Assert.Equal(length, Workers.Start(length, grain, 3, 3));
                for (int part = 1; part < 3; part++)
                {
                    long start = Workers.Start(length, grain, part, 3);
                    Assert.True(start == length || start % grain == 0);
                    Assert.InRange(start, Workers.Start(length, grain, part - 1, 3), length);
                }
            }
        }
    }

    [Fact]
    public void A_thread_at_least_must_be_left() =>
        Assert.Equal(
            "[threads] there must be at least one. Received 0.",
            Assert.Throws<TensorException>(() => Threads.Count = 0).Message
        );

    public static TheoryData<string> Computations => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Computations))]
    public void Results_do_not_depend_on_the_number_of_threads(string name)
    {
        int before = Threads.Count;
        try
        {
            double[] alone = With(1, Cases[name]);
            Assert.Equal(alone, With(2, Cases[name]));
            Assert.Equal(alone, With(3, Cases[name]));
        }
        finally
        {
            Threads.Count = before;
        }
    }

    private static readonly Dictionary<string, Func<double[]>> Cases = new()
    {
        ["map"] = () => Tensor.Tanh(Numbers([257, 1001], 1) * 3.0).ToArray(),
        ["map of a transpose"] = () => (Tensor.Exp(Numbers([301, 700], 2).T) + Numbers([700, 1], 3)).ToArray(),
        ["a transpose"] = () => Numbers([501, 703], 27).T.ToArray(),
        ["map of positions"] = () => Tensor.Arange(0, 200_000, 1).ToArray(),
        ["sums of rows"] = () => Tensor.Sum(Tensor.Exp(Numbers([333, 999], 4)), [1]).ToArray(),
        ["sums of short rows"] = () => Tensor.Sum(Numbers([30_001, 7], 5) * 2.0, [1]).ToArray(),
        ["sums of columns"] = () => Tensor.Sum(Tensor.Exp(Numbers([333, 999], 6)), [0]).ToArray(),
        ["sums of few columns"] = () => Tensor.Sum(Tensor.Exp(Numbers([40_000, 9], 7)), [0]).ToArray(),
        ["a sum of all"] = () => Tensor.Sum(Tensor.Exp(Numbers([400_000], 8))).ToArray(),
        ["a sum of what lies in memory"] = () => Tensor.Sum(Numbers([400_007], 8)).ToArray(),
        ["a product of a repeated row"] = () =>
            Tensor.Prod(Tensor.Cos(0.001 * Numbers([5, 40_000], 21)) + Numbers([1, 40_000], 22) * 1e-9).ToArray(),
        ["positions of the largest"] = () =>
            Tensor.Cast(Tensor.Argmax(Numbers([401, 700], 9), 1), DType.Float64).ToArray(),
        ["a product"] = () => Tensor.MatMul(Numbers([301, 77], 10), Numbers([77, 203], 11)).ToArray(),
        ["a wide product"] = () => Tensor.MatMul(Numbers([20, 301], 12), Numbers([901, 301], 13).T).ToArray(),
        ["a product with a vector"] = () => Tensor.MatMul(Numbers([2003, 1001], 14), Numbers([1001], 15)).ToArray(),
        ["a product of a transpose with a vector"] = () =>
            Tensor.MatMul(Numbers([1001, 2003], 16).T, Numbers([1001], 17)).ToArray(),
        ["a batch of products"] = () => Tensor.MatMul(Numbers([65, 31, 40], 18), Numbers([65, 40, 29], 19)).ToArray(),
        ["a product with an epilogue"] = () =>
            Tensor.Tanh(Tensor.MatMul(Numbers([301, 77], 21), Numbers([203, 77], 22).T) + Numbers([203], 23)).ToArray(),
        ["a batch of products with residuals"] = () =>
            (Tensor.MatMul(Numbers([65, 31, 40], 24), Numbers([65, 40, 29], 25)) * Numbers([31, 29], 26)).ToArray(),
        ["factorisations"] = () => Tensor.Cholesky(PositiveDefinite(37, 40)).ToArray(),
        ["factorisations with fewer than lanes for each thread"] = () =>
            Tensor.Cholesky(PositiveDefinite(13, 60)).ToArray(),
        ["large factorisations"] = () => Tensor.Cholesky(PositiveDefinite(5, 90)).ToArray(),
        ["solutions"] = () => Tensor.Solve(PositiveDefinite(11, 60), Numbers([11, 60, 7], 20)).ToArray(),
    };

    private static double[] With(int threads, Func<double[]> compute)
    {
        Threads.Count = threads;
        return compute();
    }

    private static Tensor Numbers(Shape shape, int seed) =>
        Tensor.Of(Dense.Random<double>(1, shape.Length, seed), shape);

    private static Tensor PositiveDefinite(int batch, int n)
    {
        Tensor b = Numbers([batch, n, n], n);
        return Tensor.MatMul(b, b.T) + Tensor.Eye(n);
    }

    private readonly struct CountingJob(int[] done) : IJob
    {
        public void Run(int part, int parts) => Interlocked.Increment(ref done[part]);
    }

    /// <summary>Counts who has arrived; a part that sees both of them there notes that they met.</summary>
    private sealed class Meeting
    {
        private int arrived;

        public bool HaveMet { get; private set; }

        public void Join()
        {
            Interlocked.Increment(ref arrived);
            if (SpinWait.SpinUntil(() => Volatile.Read(ref arrived) == 2, 100))
                HaveMet = true;
        }
    }

    private readonly struct MeetingJob(Meeting meeting) : IJob
    {
        public void Run(int part, int parts) => meeting.Join();
    }

    private readonly struct FailingJob : IJob
    {
        public void Run(int part, int parts)
        {
            if (part == 1)
                throw new InvalidOperationException("A part failed.");
        }
    }

    private readonly struct NestedJob(int[] done) : IJob
    {
        public void Run(int part, int parts)
        {
            OffsetJob job = new(done, 4 * part);
            Workers.Run(4, ref job);
        }
    }

    private readonly struct OffsetJob(int[] done, int first) : IJob
    {
        public void Run(int part, int parts) => Interlocked.Increment(ref done[first + part]);
    }
}
