using Implicit.Control;
using Xunit;

namespace Implicit.Tests.Control;

public sealed class CheckpointsTests
{
    [Theory]
    [InlineData(0, 4, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(7, 8, 0)]
    [InlineData(100, 10, 9)]
    [InlineData(100, 3, 4)]
    [InlineData(257, 5, 1)]
    [InlineData(60, 4, 0)]
    [InlineData(1000, 2, 8)]
    public void Every_step_is_reversed_once_from_its_own_state_in_order(int steps, int slots, int scratch)
    {
        Chain known = Walk(steps, new Checkpoints(slots, steps), scratch);
        Chain online = Walk(steps, new Checkpoints(slots), scratch);
        IEnumerable<int> backward = Enumerable.Range(0, steps).Reverse();
        Assert.Equal(backward, known.Reversed);
        Assert.Equal(backward, online.Reversed);
        Assert.InRange(known.Places, 0, slots + scratch);
        Assert.InRange(online.Places, 0, slots + scratch);
    }

    [Theory]
    [InlineData(100, 10, 9, 3)]
    [InlineData(257, 5, 1, 7)]
    [InlineData(60, 4, 0, 4)]
    [InlineData(60, 2, 8, 60)]
    public void Steps_that_are_kept_whole_are_reversed_together(int steps, int slots, int scratch, int together)
    {
        Chain chain = Walk(steps, new Checkpoints(slots), scratch, together);
        Assert.Equal(Enumerable.Range(0, steps).Reverse(), chain.Reversed);
        Assert.True(chain.Again < Walk(steps, new Checkpoints(slots), scratch).Again);
    }

    [Fact]
    public void A_piece_that_can_be_kept_whole_is_taken_again_once() =>
        Assert.Equal(0, Walk(60, new Checkpoints(4), scratch: 3, together: 16).Again);

    [Theory]
    [InlineData(64, 64, 0)]
    [InlineData(50, 64, 0)]
    public void Where_all_states_are_kept_no_step_is_taken_again(int steps, int slots, int advances) =>
        Assert.Equal(advances, Walk(steps, new Checkpoints(slots, steps), 0).Again);

    [Fact]
    public void With_places_for_a_piece_every_step_is_taken_again_at_most_once()
    {
        Chain chain = Walk(10_000, new Checkpoints(100, 10_000), 99);
        Assert.Equal(10_000 - 100, chain.Again);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_piece_takes_each_step_again_no_oftener_than_the_binomial_bound(int scratch)
    {
        for (int steps = 2; steps <= 200; steps++)
        {
            // One kept state, at the start: Offer is asked for the first step only.
            var checkpoints = new Checkpoints(2);
            var chain = new Chain(2 + scratch);
            chain.Save(checkpoints.Offer(0)!.Value);
            checkpoints.Reverse(chain, steps, scratch);
            Assert.Equal(steps, chain.Reversed.Count);
            Assert.True(chain.MostOften <= Repetitions(steps, scratch + 1), $"{steps} steps: {chain.MostOften}");
        }
    }

    /// <summary>The smallest r with C(s + r, s) ≥ steps.</summary>
    private static int Repetitions(int steps, int s)
    {
        int r = 0;
        while (Enumerable.Range(1, s).Aggregate(1.0, (c, i) => c * (r + i) / i) < steps - 1e-6)
            r++;
        return r;
    }

    private static Chain Walk(int steps, Checkpoints checkpoints, int scratch, int together = 1)
    {
        var chain = new Chain(checkpoints.Slots + scratch, together);
        for (int step = 0; step < steps; step++)
        {
            if (checkpoints.Offer(step) is { } slot)
                chain.Save(slot);
            chain.Current++;
        }
        checkpoints.Reverse(chain, steps, scratch);
        return chain;
    }

    /// <summary>A chain whose state is the number of steps taken.</summary>
    private sealed class Chain(int slots, int together = 1) : IChain
    {
        private readonly int?[] saved = new int?[slots];
        private readonly Dictionary<int, int> again = [];

        public int? Current { get; set; } = 0;

        public List<int> Reversed { get; } = [];

        public int Together => together;

        public int Again => again.Values.Sum();

        public int MostOften => again.Values.DefaultIfEmpty().Max();

        public int Places => saved.Count(state => state is not null);

        public void Save(int slot) => saved[slot] = Current;

        public void Restore(int slot) => Current = saved[slot];

        public void Advance(int step)
        {
            Assert.Equal(step, Current);
            again[step] = again.GetValueOrDefault(step) + 1;
            Current++;
        }

        public void Reverse(int begin, int end)
        {
            Assert.Equal(begin, Current);
            Assert.InRange(end - begin, 1, together);
            Reversed.AddRange(Enumerable.Range(begin, end - begin).Reverse());
            Current = null;
        }
    }
}
