using Implicit.Backends.Cpu;
using Implicit.Transforms;
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

    public static MatrixTheoryData<string, DType> Computations => new([.. Cases.Keys], [DType.Float64, DType.Float32]);

    [Theory]
    [MemberData(nameof(Computations))]
    public void Results_do_not_depend_on_the_number_of_threads(string name, DType type)
    {
        int before = Threads.Count;
        try
        {
            double[] alone = With(1, Cases[name], type);
            Assert.Equal(alone, With(2, Cases[name], type));
            Assert.Equal(alone, With(3, Cases[name], type));
        }
        finally
        {
            Threads.Count = before;
        }
    }

    private static readonly Dictionary<string, Func<DType, Tensor>> Cases = new()
    {
        ["map"] = type => Tensor.Tanh(Numbers([257, 1001], 1, type) * 3.0),
        ["map of a transpose"] = type => (Tensor.Exp(Numbers([301, 700], 2, type).T) + Numbers([700, 1], 3, type)),
        ["a transpose"] = type => Numbers([501, 703], 27, type).T,
        ["map of positions"] = type => Tensor.Cast(Tensor.Arange(0, 200_000, 1), type),
        ["sums of rows"] = type => Tensor.Sum(Tensor.Exp(Numbers([333, 999], 4, type)), [1]),
        ["sums of short rows"] = type => Tensor.Sum(Numbers([30_001, 7], 5, type) * 2.0, [1]),
        ["sums of columns"] = type => Tensor.Sum(Tensor.Exp(Numbers([333, 999], 6, type)), [0]),
        ["sums of few columns"] = type => Tensor.Sum(Tensor.Exp(Numbers([40_000, 9], 7, type)), [0]),
        ["a sum of all"] = type => Tensor.Sum(Tensor.Exp(Numbers([400_000], 8, type))),
        ["a sum of what lies in memory"] = type => Tensor.Sum(Numbers([400_007], 8, type)),
        ["a product of a repeated row"] = type =>
            Tensor.Prod(Tensor.Cos(0.001 * Numbers([5, 40_000], 21, type)) + Numbers([1, 40_000], 22, type) * 1e-9),
        ["positions of the largest"] = type =>
            Tensor.Cast(Tensor.Argmax(Numbers([401, 700], 9, type), 1), DType.Float64),
        ["a product"] = type => Tensor.MatMul(Numbers([301, 77], 10, type), Numbers([77, 203], 11, type)),
        ["a wide product"] = type => Tensor.MatMul(Numbers([20, 301], 12, type), Numbers([901, 301], 13, type).T),
        ["a product with a vector"] = type => Tensor.MatMul(Numbers([2003, 1001], 14, type), Numbers([1001], 15, type)),
        ["a product of a transpose with a vector"] = type =>
            Tensor.MatMul(Numbers([1001, 2003], 16, type).T, Numbers([1001], 17, type)),
        ["a batch of products"] = type =>
            Tensor.MatMul(Numbers([65, 31, 40], 18, type), Numbers([65, 40, 29], 19, type)),
        ["a product with an epilogue"] = type =>
            Tensor.Tanh(
                Tensor.MatMul(Numbers([301, 77], 21, type), Numbers([203, 77], 22, type).T) + Numbers([203], 23, type)
            ),
        ["a batch of products with residuals"] = type =>
            (
                Tensor.MatMul(Numbers([65, 31, 40], 24, type), Numbers([65, 40, 29], 25, type))
                * Numbers([31, 29], 26, type)
            ),
        ["factorisations"] = type => Tensor.Cholesky(PositiveDefinite(37, 40, type)),
        ["factorisations with fewer than lanes for each thread"] = type =>
            Tensor.Cholesky(PositiveDefinite(13, 60, type)),
        ["large factorisations"] = type => Tensor.Cholesky(PositiveDefinite(5, 90, type)),
        ["solutions"] = type => Tensor.Solve(PositiveDefinite(11, 60, type), Numbers([11, 60, 7], 20, type)),
        ["blocked factorisations"] = type => Tensor.Cholesky(PositiveDefinite(3, 150, type)),
        ["small solutions"] = type => Tensor.Solve(Numbers([65, 20, 20], 28, type), Numbers([65, 20, 3], 29, type)),
        ["triangular solutions"] = type =>
            Tensor.SolveTriangular(PositiveDefinite(11, 60, type), Numbers([11, 60, 7], 30, type)),
        ["bases"] = type => Tensor.Qr(Numbers([9, 70, 40], 31, type)).Q,
        ["eigenvectors"] = type => Tensor.Eigh(PositiveDefinite(9, 40, type)).Vectors,
        ["singular values"] = type => Tensor.Svd(Numbers([9, 40, 30], 32, type)).S,
        ["the largest of rows"] = type => Tensor.Max(Numbers([333, 999], 33, type), 1),
        ["a product of few terms"] = type => Tensor.MatMul(Numbers([1001, 4], 34, type), Numbers([4, 2003], 35, type)),
        ["running sums"] = type => Tensor.Cumsum(Numbers([101, 2003], 36, type), 1),
        ["fixed points by Anderson"] = type => FixedPoints(new Anderson(), type),
        ["fixed points by Broyden"] = type => FixedPoints(new Broyden(), type),
        ["a solution of a large equation"] = type =>
            Functions.Odeint(
                (_, y) => -y * y,
                Tensor.Cast(Tensor.Of(0.0, 1.0), type),
                2.0 + Numbers([40_001], 37, type),
                new OdeOptions { RelativeTolerance = 1e-4 }
            ),
    };

    private static double[] With(int threads, Func<DType, Tensor> compute, DType type)
    {
        Threads.Count = threads;
        return compute(type).ToArray();
    }

    private static Tensor FixedPoints(EquationMethod method, DType type)
    {
        Tensor w = Numbers([60, 60], 38, type) * 0.1;
        return Vectorisation.Vmap(
            (Tensor x) =>
                Functions.FixedPoint(
                    z => Tensor.Tanh(Tensor.MatMul(w, z) + x),
                    Tensor.ZerosLike(x),
                    new EquationOptions { Method = method, RelativeTolerance = 1e-4 }
                ),
            Numbers([129, 60], 39, type)
        );
    }

    private static Tensor Numbers(Shape shape, int seed, DType type) =>
        Tensor.Cast(Tensor.Of(Dense.Random<double>(1, shape.Length, seed), shape), type);

    private static Tensor PositiveDefinite(int batch, int n, DType type)
    {
        Tensor b = Numbers([batch, n, n], n, type);
        return Tensor.MatMul(b, b.T) + Tensor.Eye(n, dtype: type);
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
