using System.Numerics;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The arithmetic of <see cref="Anderson"/>: (z, r, products, z and r before, those before them, …) → (next iterate, products). Row i of the products
/// [m, m] are those of a change with itself and with older ones, as many as are left; it goes down as the change grows older, so that only what
/// the newest adds is computed. A change that was forgotten has zeros.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Memory">m, the newest difference included.</param>
/// <param name="Damping">β.</param>
/// <param name="Ridge">What is added to the diagonal of the Gram matrix, relative to it.</param>
/// <param name="LeastSquare">Below this square of the sine of its angle to newer ones a change is forgotten.</param>
internal sealed unsafe record AndersonLoop(int Length, int Memory, double Damping, double Ridge, double LeastSquare)
    : ItemLoop(Length)
{
    /// <summary>The inputs before the older iterates, each with its residual.</summary>
    public const int FirstPair = 3;

    /// <summary>The differences that a pass takes.</summary>
    private const int Together = Differences<float>.Together;

    /// <summary>Bytes of the vectors of items whose weights are computed together, which stay in the first cache.</summary>
    private const int NearBytes = 32 * 1024;

    /// <summary>Room for m differences, in whole passes.</summary>
    private int Places => (Memory + Together - 1) / Together * Together;

    protected override int RoomFor => AndersonWeights.RoomFor(Memory) + (2 * Places);

    protected override double Nanoseconds => (0.2 * Memory * Length) + (5.0 * Memory * Memory);

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        int split = AndersonWeights.RoomFor(Memory);
        var weights = new AndersonWeights(Memory, Ridge, LeastSquare, room[..split]);
        // Lanes that are left over would compute with what happens to be there, and denormal numbers take long.
        room[..split].Clear();
        room = room[split..];
        T** iterates = stackalloc T*[Places + 1];
        T** residuals = stackalloc T*[Places + 1];
        int together = (int)Math.Clamp(NearBytes / (2L * (Memory + 1) * Length * sizeof(T)), 1, AndersonWeights.Lanes);
        int pointed = -1;
        for (int from = start; from < end; from += together)
        {
            int to = Math.Min(from + together, end);
            for (int item = from; item < to; item++)
            {
                Point(inputs, Of(inputs, 2, item), ref pointed, iterates, residuals);
                Span<double> products = Of(outputs, 1, item);
                Measure(residuals, item, room);
                Grow(Of(inputs, 2, item), room, products);
                weights.Set(item - from, products, room.Slice(Places, Memory));
            }
            weights.Solve();
            for (int item = from; item < to; item++)
            {
                Point(inputs, Of(inputs, 2, item), ref pointed, iterates, residuals);
                if (weights.Kept(item - from) is var kept && kept < Memory)
                    Forget(Of(outputs, 1, item), kept);
                Combine(outputs.Start(0), iterates, residuals, item, weights, item - from, room);
            }
        }
    }

    private Span<double> Of<T>(in ItemVectors<T> buffers, int buffer, int item)
        where T : unmanaged => buffers.Of<double>(buffer, item, Memory * Memory);

    /// <summary>Where iterates and residuals are, the newest first; in place of what an item does not have stands the oldest that it has.</summary>
    private void Point<T>(
        in ItemVectors<T> inputs,
        ReadOnlySpan<double> products,
        ref int pointed,
        T** iterates,
        T** residuals
    )
        where T : unmanaged
    {
        int older = Memory - 1;
        while (older > 0 && !(products[(older - 1) * Memory] > 0.0))
            older--;
        if (older == pointed)
            return;
        pointed = older;
        iterates[0] = inputs.Start(0);
        residuals[0] = inputs.Start(1);
        for (int k = 1; k <= Places; k++)
        {
            int pair = FirstPair + (2 * Math.Min(k - 1, older));
            iterates[k] = inputs.Start(pair);
            residuals[k] = inputs.Start(pair + 1);
        }
    }

    /// <summary>The products of changes with the newest one, and behind them those with the residual.</summary>
    private void Measure<T>(T** residuals, int item, Span<double> products)
        where T : unmanaged, INumber<T>
    {
        if (!Measure<T, T>(residuals, item, products))
            Measure<T, double>(residuals, item, products);
    }

    /// <summary>The same; false if sums have left their range.</summary>
    private bool Measure<T, TSum>(T** residuals, int item, Span<double> products)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        (int start, int end) = At(item);
        for (int k = 0; k < Places; k += Together)
            Differences<T>.Products<TSum>(
                start,
                end,
                residuals[0],
                residuals[1],
                residuals + k,
                products[k..],
                products[(Places + k)..]
            );
        // Where steps shrink, products with older changes may leave the range although those of the newest do not.
        return LaneSums<T, TSum>.IsInRange(products[0]) && LaneSums<T, TSum>.AreFinite(products);
    }

    /// <summary>The products with a new first row, without the last row and without the change that was the last.</summary>
    private void Grow(ReadOnlySpan<double> before, ReadOnlySpan<double> newest, Span<double> products)
    {
        newest[..Memory].CopyTo(products);
        before[..^Memory].CopyTo(products[Memory..]);
        for (int i = 1; i < Memory; i++)
            products[(i * Memory) + Memory - i] = 0.0;
    }

    private void Forget(Span<double> products, int kept)
    {
        for (int i = 0; i < Memory; i++)
            products.Slice(i * Memory, Memory)[Math.Max(kept - i, 0)..].Clear();
    }

    /// <summary>z + βr − Σ γₖ·(Δzₖ + βΔrₖ), by what each iterate and its residual get of that.</summary>
    private void Combine<T>(
        T* next,
        T** iterates,
        T** residuals,
        int item,
        AndersonWeights weights,
        int lane,
        Span<double> room
    )
        where T : unmanaged, INumber<T>
    {
        Span<double> ofOlder = room[..Places];
        ofOlder[Memory..].Clear();
        double newer = weights.Weight(0, lane);
        double ofNewest = Damping * (1.0 - newer);
        for (int k = 1; k < Memory; k++)
        {
            double weight = weights.Weight(k, lane);
            (ofOlder[k - 1], newer) = (newer - weight, weight);
        }
        ofOlder[Memory - 1] = newer;
        T* from = iterates[0];
        for (int k = 0; k < Places; k += Together)
        {
            Differences<T>.Mix(
                At(item),
                next,
                from,
                iterates[0],
                iterates + k,
                residuals + k,
                ofNewest,
                ofOlder[k..],
                Damping
            );
            from = next;
            ofNewest = 0.0;
        }
    }
}
