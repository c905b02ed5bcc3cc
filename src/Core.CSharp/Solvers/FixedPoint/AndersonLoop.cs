using System.Numerics;
using System.Runtime.CompilerServices;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The arithmetic of <see cref="Anderson"/>: (z, r, z and r before, Gram matrix, older moves, older changes) → (next iterate, move, change, Gram
/// matrix). Of the Gram matrix [m, m] of changes only what the newest adds is computed; a change that was forgotten has zeros there.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Memory">m, the newest difference included.</param>
/// <param name="Damping">β.</param>
/// <param name="Ridge">What is added to the Gram matrix, relative to its diagonal.</param>
/// <param name="LeastSquare">Below this square of the sine of its angle to newer ones a change is forgotten.</param>
internal sealed record AndersonLoop(int Length, int Memory, double Damping, double Ridge, double LeastSquare)
    : ItemLoop(Length)
{
    /// <summary>The inputs before the older moves.</summary>
    public const int FirstRow = 5;

    private int Older => Memory - 1;

    protected override int RoomFor => Memory * (Memory + 3);

    protected override double Nanoseconds => (0.5 * Memory * Length) + (10.0 * Memory * Memory);

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        for (int item = start; item < end; item++)
            if (!Step<T, T>(inputs, outputs, item, room))
                Step<T, double>(inputs, outputs, item, room);
    }

    /// <summary>One item; false if sums have left their range.</summary>
    private bool Step<T, TSum>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, Span<double> room)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        Span<T> move = outputs.Of(1, item);
        Span<T> change = outputs.Of(2, item);
        Span<T> z = inputs.Of(0, item);
        Span<T> residual = inputs.Of(1, item);
        ItemRow<T> changes = inputs.From(FirstRow + Older, item);
        Span<double> weights = room[..Memory];
        Span<double> products = room.Slice(Memory, Memory);
        (weights[0], products[0]) = LaneSums<T, TSum>.Subtract(change, residual, inputs.Of(3, item), residual);
        if (!LaneSums<T, TSum>.IsInRange(products[0]))
            return false;
        Vectors.Subtract<T>(move, z, inputs.Of(2, item));
        ReadOnlySpan<double> before = inputs.Of<double>(4, item, Memory * Memory);
        int older = Present(before);
        LaneSums<T, TSum>.DotAll(residual, change, changes, weights.Slice(1, older), products.Slice(1, older));
        // Where steps shrink, products with older changes may leave the range although those of the newest do not.
        if (
            !LaneSums<T, TSum>.AreFinite(weights[..(older + 1)])
            || !LaneSums<T, TSum>.AreFinite(products[..(older + 1)])
        )
            return false;
        Span<double> gram = outputs.Of<double>(3, item, Memory * Memory);
        Extend(gram, before, products);
        Weigh(gram, weights, room[(2 * Memory)..]);

        for (int i = 0; i <= older; i++)
            (weights[i], products[i]) = (-weights[i], -Damping * weights[i]);
        Span<T> next = outputs.Of(0, item);
        Vectors.Combine<T>(next, z, Damping, residual, weights[0], move, products[0], change);
        Vectors.AddAll<T, ItemRow<T>>(next, weights.Slice(1, older), inputs.From(FirstRow, item));
        Vectors.AddAll<T, ItemRow<T>>(next, products.Slice(1, older), changes);
        return true;
    }

    /// <summary>How many of the older changes are there, up to the last that was not forgotten.</summary>
    private int Present(ReadOnlySpan<double> gram)
    {
        int count = Older;
        while (count > 0 && !(gram[(count - 1) * (Memory + 1)] > 0.0))
            count--;
        return count;
    }

    /// <summary>The Gram matrix with a new first row and column, without the last.</summary>
    private void Extend(Span<double> gram, ReadOnlySpan<double> before, ReadOnlySpan<double> products)
    {
        gram[0] = products[0];
        for (int i = 1; i < Memory; i++)
        {
            bool isThere = before[(i - 1) * (Memory + 1)] > 0.0;
            gram[i] = gram[i * Memory] = isThere ? products[i] : 0.0;
            before.Slice((i - 1) * Memory, Older).CopyTo(gram.Slice((i * Memory) + 1, Older));
        }
    }

    /// <summary>
    /// The weights of least squares, by the factors L·D·Lᵀ of the Gram matrix with its ridge. A pivot beside the diagonal is the square of the sine
    /// of the angle between a change and the newer ones: where that is too small, this change and all older ones are forgotten.
    /// </summary>
    /// <param name="gram">The Gram matrix; zeros for what is forgotten.</param>
    /// <param name="weights">The products of changes and residual; then the weights.</param>
    /// <param name="room">Room for L, and for the inverse of D.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weigh(Span<double> gram, Span<double> weights, Span<double> room)
    {
        Span<double> inverse = room[..Memory];
        Span<double> lower = room[Memory..];
        int kept = 0;
        for (; kept < Memory; kept++)
        {
            Span<double> row = lower.Slice(kept * Memory, kept);
            ReadOnlySpan<double> products = gram.Slice(kept * Memory, kept);
            double square = gram[kept * (Memory + 1)];
            if (!(square > 0.0))
            {
                // Nothing that was forgotten, or did not change: its row of L is that of the identity.
                row.Clear();
                (inverse[kept], weights[kept]) = (0.0, 0.0);
                continue;
            }
            double pivot = square * (1.0 + Ridge);
            for (int j = 0; j < row.Length; j++)
            {
                double product = products[j];
                ReadOnlySpan<double> newer = lower.Slice(j * Memory, j);
                for (int i = 0; i < newer.Length; i++)
                    product -= row[i] * newer[i];
                row[j] = product;
            }
            double weight = weights[kept];
            for (int j = 0; j < row.Length; j++)
            {
                double product = row[j];
                row[j] = product * inverse[j];
                pivot -= product * row[j];
                weight -= row[j] * weights[j];
            }
            weights[kept] = weight;
            if (pivot < LeastSquare * square)
                break;
            inverse[kept] = 1.0 / pivot;
        }
        if (kept < Memory)
            Forget(gram, weights, kept);
        for (int k = kept - 1; k >= 0; k--)
        {
            double weight = weights[k] * inverse[k];
            for (int j = k + 1; j < kept; j++)
                weight -= lower[(j * Memory) + k] * weights[j];
            weights[k] = weight;
        }
    }

    private void Forget(Span<double> gram, Span<double> weights, int kept)
    {
        weights[kept..].Clear();
        for (int i = 0; i < Memory; i++)
            gram.Slice(i * Memory, Memory)[(i < kept ? kept : 0)..].Clear();
    }
}
