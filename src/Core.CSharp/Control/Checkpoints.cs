namespace Implicit.Control;

/// <summary>A chain of steps that can be walked backward from saved states.</summary>
internal interface IChain
{
    /// <summary>Copies the current state to a place.</summary>
    void Save(int slot);

    /// <summary>Makes a saved state the current one.</summary>
    void Restore(int slot);

    /// <summary>Takes step number <paramref name="step"/>: the current state becomes the one after it.</summary>
    void Advance(int step);

    /// <summary>How many steps can be kept whole, so that they are gone backward through together and none of them is taken twice; at least 1.</summary>
    int Together { get; }

    /// <summary>
    /// Goes backward through steps <paramref name="begin"/> … end − 1, of which there are at most <see cref="Together"/>; the current state is the one
    /// before the first of them, and is free afterwards.
    /// </summary>
    void Reverse(int begin, int end);
}

/// <summary>
/// Which states of a chain are kept while it runs, and how it is walked backward from them, in memory that does not grow with
/// the number of steps.
/// </summary>
/// <remarks>
/// Forward, the number of steps need not be known: states are kept at even distances, and each time the places are full the
/// distance doubles and every second state is dropped. Backward, each piece between two kept states is walked with places of its own by
/// the binomial schedule of Griewank and Walther, "Algorithm 799: revolve", ACM TOMS 26 (2000): with s places, l steps need each step
/// to be taken at most r times again, r the smallest number with C(s + r, s) ≥ l. What was kept forward is only read, so that
/// one record serves many walks.
/// </remarks>
internal sealed class Checkpoints
{
    private const long BudgetBytes = 32L << 20;

    private readonly List<(int Step, int Slot)> kept;
    private readonly Stack<int> free = [];
    private int neverUsed;
    private int distance;

    /// <param name="slots">How many states may be kept, at least 2.</param>
    /// <param name="expected">The number of steps, where it is known: the distance then fits it from the start.</param>
    public Checkpoints(int slots, int expected = 0)
    {
        Slots = Math.Max(2, slots);
        distance = Math.Max(1, (int)Math.Ceiling(expected / (double)Slots));
        kept = new List<(int Step, int Slot)>(Math.Min(Slots, expected));
    }

    /// <summary>The places for states, numbered from 0; the backward walk uses places from here on as its own.</summary>
    public int Slots { get; }

    /// <summary>
    /// How many states to keep of a chain: all if they fit a fixed budget, otherwise as many as fit, but at least about √steps.
    /// </summary>
    public static int SlotsFor(int steps, long stateBytes)
    {
        long fitting = BudgetBytes / Math.Max(1, stateBytes);
        return (int)Math.Clamp(Math.Max(fitting, (long)Math.Ceiling(Math.Sqrt(steps))), 1, Math.Max(1, steps));
    }

    /// <summary>To be asked before each step, in order: where to save the state, or null if it is not kept.</summary>
    public int? Offer(int step)
    {
        if (step % distance != 0)
            return null;
        if (free.Count == 0 && neverUsed == Slots)
        {
            distance *= 2;
            for (int i = kept.Count - 1; i >= 0; i--)
                if (kept[i].Step % distance != 0)
                {
                    free.Push(kept[i].Slot);
                    kept.RemoveAt(i);
                }
            if (step % distance != 0)
                return null;
        }
        int slot = free.Count > 0 ? free.Pop() : neverUsed++;
        kept.Add((step, slot));
        return slot;
    }

    /// <summary>Walks all steps backward, the last first.</summary>
    /// <param name="chain">The chain; places 0 … <see cref="Slots"/> − 1 hold what <see cref="Offer"/> had saved.</param>
    /// <param name="steps">The number of steps that were taken.</param>
    /// <param name="scratch">How many places from <see cref="Slots"/> on may be used.</param>
    public void Reverse(IChain chain, int steps, int scratch)
    {
        int end = steps;
        for (int i = kept.Count - 1; i >= 0; i--)
        {
            Piece(chain, kept[i].Step, end, kept[i].Slot, Slots, scratch);
            end = kept[i].Step;
        }
    }

    /// <summary>The longest piece between two kept states of a chain of so many steps.</summary>
    public int LongestPiece(int steps) => Math.Min(distance, steps);

    /// <summary>Walks steps <paramref name="begin"/> … end − 1 backward from the state before the first of them.</summary>
    private static void Piece(IChain chain, int begin, int end, int slot, int place, int places)
    {
        for (; end - begin > chain.Together; )
        {
            chain.Restore(slot);
            int latest = end - chain.Together;
            int middle = places == 0 ? latest : Math.Min(latest, begin + Split(end - begin, places));
            for (int step = begin; step < middle; step++)
                chain.Advance(step);
            if (places == 0)
                chain.Reverse(middle, end);
            else
            {
                chain.Save(place);
                Piece(chain, middle, end, place, place + 1, places - 1);
            }
            end = middle;
        }
        chain.Restore(slot);
        chain.Reverse(begin, end);
    }

    /// <summary>
    /// How far to go before the first state is saved. With the piece's own start there are s = places + 1 states; of C(s + r, s)
    /// steps, the later C(s − 1 + r, s − 1) are walked with the remaining places, the earlier C(s + r − 1, s) by one repetition less.
    /// </summary>
    private static int Split(int length, int places)
    {
        int s = places + 1;
        long later = 1;
        long total = 1;
        for (int r = 1; total < length; r++)
        {
            later = later * (s - 1 + r) / r;
            total = total * (s + r) / r;
        }
        return (int)Math.Max(1, length - later);
    }
}
