using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Implicit.Runtime;
using Implicit.Solvers.Ode;
using Implicit.Tests.Engine;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>What solves and gradients keep in memory.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int StateLength = 2000;

    /// <summary>What is kept of a step on the managed heap: its start and size in a list with room to grow; no object of its own.</summary>
    private const long MostManagedBytes = 48;

    /// <summary>
    /// Checkpointed keeps a fixed number of states, and whole steps up to a fixed budget, however many steps there are: 18 000 more states of 16 kB
    /// each would be 288 MB. On the managed heap of a step there are its start and size.
    /// </summary>
    [Fact]
    public void Checkpointed_is_flat_in_the_number_of_steps()
    {
        (Bytes Least, Bytes Most, Bytes Left) few = PeakOfGradient(new Adjoint.Checkpointed(), 2_000);
        (Bytes Least, Bytes Most, Bytes Left) many = PeakOfGradient(new Adjoint.Checkpointed(), 20_000);
        Assert.InRange(many.Least.Native, 0, few.Most.Native + (16L << 20));
        Assert.InRange(many.Least.Managed - few.Most.Managed, long.MinValue, 18_000 * MostManagedBytes);
        // What is left is not among the least: it may be little, too.
        Assert.InRange(many.Left.Native, long.MinValue, 1L << 20);
        Assert.InRange(many.Left.Managed, long.MinValue, 1L << 20);
    }

    /// <summary>Direct keeps every state: the measure does see memory.</summary>
    [Fact]
    public void Direct_grows_with_the_number_of_steps()
    {
        (Bytes Least, Bytes Most, Bytes _) few = PeakOfGradient(new Adjoint.Direct(), 500);
        (Bytes Least, Bytes Most, Bytes _) many = PeakOfGradient(new Adjoint.Direct(), 4_000);
        Assert.True(many.Most.Native - few.Least.Native > 3_000L * StateLength * sizeof(double), $"{few} and {many}");
        Assert.True(many.Most.Managed - few.Least.Managed > 3_000 * MostManagedBytes, $"{few} and {many}");
    }

    /// <summary>An account keeps no steps as long as nobody asks for a time between them: 2 000 of them would take 64 MB.</summary>
    [Fact]
    public void An_account_keeps_no_steps_that_nobody_asks_for()
    {
        Garbage.Collect();
        long start = Pool.Shared.Outstanding;
        OdeSolution<Tensor> solution = Implicit.Ode.Solve(
            (t, y) => -y,
            Tensor.Of(0.0, 1.0),
            Tensor.Ones([StateLength]),
            Euler(2_000, new Adjoint.Checkpointed())
        );
        Garbage.Collect();
        Assert.InRange(Pool.Shared.Outstanding - start, 0, 4L << 20);
        double between = solution.At(0.25).ToArray()[^1];
        Assert.InRange(Pool.Shared.Outstanding - start, 60L << 20, 80L << 20);
        Assert.Equal(Math.Pow(1.0 - (1.0 / 2_000), 500), between, 1e-12);
    }

    /// <summary>What the items of a batch keep whole has a budget for each: 1 000 steps of 2 kB would be 2 MB, 512 MB for all.</summary>
    [Fact]
    public void A_batch_keeps_no_more_than_its_items()
    {
        const int Items = 256;
        OdeOptions options = Euler(1_000, new Adjoint.Checkpointed(8));
        var memory = new Watermark(collectEvery: int.MaxValue);
        Garbage.Collect();
        long start = Pool.Shared.Outstanding;
        Tensor y0 = Tensor.Ones([Items, 64]);
        Tensor slope = Differentiation.Grad(
            rate =>
                Tensor.Sum(
                    Vectorisation.Vmap(
                        y =>
                            Implicit.Ode.Integrate(
                                (t, x) => memory.See(-rate * Tensor.Tanh(x)),
                                Tensor.Of(0.0, 1.0),
                                y,
                                options
                            ),
                        y0
                    )
                ),
            Tensor.Scalar(1.0)
        );
        Assert.True((double)slope < 0.0);
        Assert.InRange(
            memory.MostNative - start,
            Items * OdeTrail.LeastBytes / 2,
            (2 * Items * OdeTrail.LeastBytes) + (64L << 20)
        );
    }

    /// <summary>Many problems that are solved once each leave little: 3000 steps of 2 kB are 6 MB.</summary>
    [Fact]
    public void Problems_solved_by_Direct_leave_no_steps_behind()
    {
        const int Problems = 8;
        OdeOptions options = Euler(3_000, new Adjoint.Direct());
        long start = Bytes.Now().Sum;
        for (int i = 0; i < Problems; i++)
        {
            Tensor y0 = Tensor.Ones([100 + i]);
            Assert.True((double)Differentiation.Grad(rate => Loss(rate, y0, options), Tensor.Scalar(1.0)) < 0.0);
        }
        Assert.InRange(Bytes.Now().Sum - start, long.MinValue, 4 * Problems * OdeTrail.LeastBytes);
    }

    /// <summary>All solves together keep so many whole steps and no more, and what one gives back is there for the next.</summary>
    [Fact]
    public void Solves_by_Direct_share_what_they_may_keep()
    {
        const long Most = StepAllowance.SharedBytes;
        var first = new StepAllowance();
        var second = new StepAllowance();
        Assert.True(first.Take(Most - 10));
        Assert.False(second.Take(11));
        Assert.True(second.Take(10));
        first.Return();
        Assert.True(second.Take(Most - 10));
        second.Return();
        second.Return();
        Assert.True(first.Take(Most));
        Assert.False(second.Take(1));
        first.Return();
    }

    /// <summary>A record that nobody walks back along is collected, and what it held of the common memory with it.</summary>
    [Fact]
    public void What_a_forgotten_solve_held_comes_back()
    {
        Forget();
        Garbage.Collect();
        var allowance = new StepAllowance();
        Assert.True(allowance.Take(StepAllowance.SharedBytes));
        allowance.Return();

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => Assert.True(new StepAllowance().Take(1));
    }

    /// <summary>What a gradient kept of the steps on its way comes back with it, and not with a collection: it leaves no more after more steps.</summary>
    [Theory]
    [InlineData(200, 5, false)]
    [InlineData(200, 5, true)]
    // Of twenty steps of these only the first are kept, but by Direct.
    [InlineData(StateLength, 2, false)]
    [InlineData(StateLength, 2, true)]
    public void A_gradient_leaves_no_steps_behind(int length, int few, bool isDirect)
    {
        Adjoint adjoint = isDirect ? new Adjoint.Direct() : new Adjoint.Checkpointed();
        long more = LeftByGradient(length, 20, adjoint) - LeftByGradient(length, few, adjoint);
        // Tiny values share blocks of 32 kB, of which one measure may begin one more than the other.
        Assert.InRange(Math.Abs(more), 0, 15 * length * sizeof(double) / 4);
    }

    /// <summary>Parameters change, the structure does not: no plan is made twice and nothing is left behind.</summary>
    [Fact]
    public void A_thousand_solves_reuse_their_plans()
    {
        // The last take so many steps that some are tried with a disturbance.
        for (int i = 0; i < 5; i++)
            Solve(250 * i);
        int plans = Device.Cpu.Plans.Count;
        long before = Bytes.Now().Sum;
        for (int i = 0; i < 1000; i++)
            Solve(i);
        Assert.Equal(plans, Device.Cpu.Plans.Count);
        Assert.InRange(Bytes.Now().Sum - before, long.MinValue, 4L << 20);
    }

    private static void Solve(int i)
    {
        Tensor p = Tensor.Of(1.5 + (1e-3 * i), 1.0, 3.0, 1.0);
        Tensor gradient = Differentiation.Grad(
            rates =>
                Tensor.Sum(
                    Implicit.Ode.Integrate(
                        (t, y) => (0.5 + (1e-4 * i)) * Problems.LotkaVolterra(rates, y),
                        Tensor.Of(0.0, 0.5, 1.0),
                        Tensor.Of(1.0, 1.0),
                        Problems.At(Tableau.Dopri5, 1e-4)
                    )
                ),
            p
        );
        Assert.True(double.IsFinite(gradient.ToArray()[0]));
    }

    /// <summary>The native bytes that a gradient's run leaves to the next collection.</summary>
    private static long LeftByGradient(int length, int steps, Adjoint adjoint)
    {
        const int Gradients = 20;
        OdeOptions options = Euler(steps, adjoint);
        Tensor y0 = Tensor.Ones([length]);
        Func<Tensor, Tensor> loss = rate => Loss(rate, y0, options);
        for (int i = 0; i < 5; i++)
            Assert.True((double)Differentiation.Grad(loss, Tensor.Scalar(1.0)) < 0.0);
        Garbage.Collect();
        int collections = GC.CollectionCount(0);
        long start = Pool.Shared.Outstanding;
        for (int i = 0; i < Gradients; i++)
            Assert.True((double)Differentiation.Grad(loss, Tensor.Scalar(1.0 + (0.01 * i))) < 0.0);
        long left = Pool.Shared.Outstanding - start;
        Assert.Equal(collections, GC.CollectionCount(0));
        return left / Gradients;
    }

    /// <summary>
    /// The most bytes that there were on the way, above those at the beginning and above those at the end. What else the process holds may become
    /// less meanwhile, as when a full cache of plans drops half of itself: then the gradient's own bytes are between the two. And what it left.
    /// </summary>
    private static (Bytes Least, Bytes Most, Bytes Left) PeakOfGradient(Adjoint adjoint, int steps)
    {
        OdeOptions options = Euler(steps, adjoint);
        var memory = new Watermark(collectEvery: 500);
        Tensor k = Tensor.Scalar(1.0);
        Tensor y0 = Tensor.Ones([StateLength]);
        Bytes start = Bytes.Now();
        (Tensor value, Tensor slope) = Differentiation.ValueAndGrad(
            rate =>
                Tensor.Sum(
                    Implicit.Ode.Integrate(
                        (t, y) => memory.See(-rate * Tensor.Tanh(y)),
                        Tensor.Of(0.0, 1.0),
                        y0,
                        options
                    )[1]
                ),
            k
        );
        Assert.True((double)slope < 0.0);
        GC.KeepAlive(value);
        var most = new Bytes(memory.MostNative, memory.MostManaged);
        Bytes end = Bytes.Now();
        return (most - Bytes.Larger(start, end), most - Bytes.Smaller(start, end), end - start);
    }

    private static Tensor Loss(Tensor rate, Tensor y0, OdeOptions options) =>
        Tensor.Sum(Implicit.Ode.Integrate((t, y) => -rate * Tensor.Tanh(y), Tensor.Of(0.0, 1.0), y0, options));

    private static OdeOptions Euler(int steps, Adjoint adjoint) =>
        new()
        {
            Method = Tableau.Euler,
            Steps = new StepControl.Fixed(1.0 / steps),
            MaxSteps = 1_000_000,
            Adjoint = adjoint,
        };

    /// <summary>Bytes of the native memory of values and of the managed heap.</summary>
    private readonly record struct Bytes(long Native, long Managed)
    {
        /// <summary>What the process holds once all garbage is collected.</summary>
        public static Bytes Now()
        {
            Garbage.Collect();
            return new Bytes(Pool.Shared.Outstanding, GC.GetTotalMemory(forceFullCollection: true));
        }

        public static Bytes Larger(Bytes a, Bytes b) =>
            new(Math.Max(a.Native, b.Native), Math.Max(a.Managed, b.Managed));

        public static Bytes Smaller(Bytes a, Bytes b) =>
            new(Math.Min(a.Native, b.Native), Math.Min(a.Managed, b.Managed));

        public static Bytes operator -(Bytes a, Bytes b) => new(a.Native - b.Native, a.Managed - b.Managed);

        public long Sum => Native + Managed;
    }

    /// <summary>The most bytes that there were when a value that it sees, or its cotangent, was computed.</summary>
    /// <param name="collectEvery">After how many of them the managed heap is collected and looked at.</param>
    private sealed class Watermark(int collectEvery) : Counter
    {
        private int count;

        public long MostNative { get; private set; }

        public long MostManaged { get; private set; }

        public Tensor See(Tensor x) => CountedOp.Of(x, this, cotangents: this);

        public override void Increment()
        {
            MostNative = Math.Max(MostNative, Pool.Shared.Outstanding);
            if (++count % collectEvery != 0)
                return;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            MostManaged = Math.Max(MostManaged, GC.GetTotalMemory(forceFullCollection: false));
        }
    }
}
