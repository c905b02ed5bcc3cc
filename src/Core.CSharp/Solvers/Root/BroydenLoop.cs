using System.Numerics;
using System.Runtime.InteropServices;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The arithmetic of <see cref="Broyden"/>: (z, F, z and F before, count, scale, older u, older v) → (next iterate, count, scale, u, v). The
/// newest updates come first; as many as are counted are in force.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Memory">The most updates.</param>
/// <param name="Vanishing">An update whose denominator is smaller than this, beside what it is made of, is left out.</param>
internal sealed record BroydenLoop(int Length, int Memory, double Vanishing) : ItemLoop(Length)
{
    /// <summary>The inputs before the older u.</summary>
    public const int FirstRow = 6;

    protected override int RoomFor => (3 * Memory) + (2 * Length);

    protected override double Nanoseconds => 0.5 * Memory * Length;

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        for (int item = start; item < end; item++)
            Step(inputs, outputs, item, room);
    }

    private void Step<T>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, Span<double> room)
        where T : unmanaged, INumber<T>
    {
        Span<T> z = inputs.Of(0, item);
        Span<T> residual = inputs.Of(1, item);
        Span<T> elements = MemoryMarshal.Cast<double, T>(room[(3 * Memory)..]);
        Span<T> move = elements[..Length];
        Span<T> change = elements.Slice(Length, Length);
        Vectors.Subtract<T>(move, z, inputs.Of(2, item));
        Vectors.Subtract<T>(change, residual, inputs.Of(3, item));
        int count = (int)double.CreateTruncating(inputs.Of<T>(4, item, 1)[0]);
        if (count >= Memory)
            count = 0;
        double scale = double.CreateTruncating(inputs.Of<T>(5, item, 1)[0]);
        if (count == 0)
            scale = Fitted<T>(scale, move, change);

        ItemRow<T> left = inputs.From(FirstRow, item);
        ItemRow<T> right = inputs.From(FirstRow + Memory - 1, item);
        Span<T> next = outputs.Of(0, item);
        Span<T> image = outputs.Of(3, item);
        Span<T> row = outputs.Of(4, item);
        Apply(scale, left, right, change, residual, room[..(2 * count)], image, next);
        Span<double> products = room[..count];
        Vectors.DotAll<T, ItemRow<T>>(move, left, products);
        Vectors.Scale<T>(row, -scale, move);
        Vectors.AddAll<T, ItemRow<T>>(row, products, right);
        double denominator = Vectors.Dot<T>(move, image);
        bool isSound = Math.Abs(denominator) > Vanishing * Vectors.Norm<T>(move) * Vectors.Norm<T>(image);
        if (isSound)
        {
            Vectors.Subtract<T>(image, move, image);
            Vectors.Scale<T>(image, 1.0 / denominator, image);
            Vectors.Add<T>(next, Vectors.Dot<T>(row, residual), image);
        }
        else
        {
            image.Clear();
            row.Clear();
        }
        Vectors.Subtract<T>(next, z, next);
        outputs.Of<T>(1, item, 1)[0] = T.CreateTruncating(isSound || count > 0 ? count + 1 : 0);
        outputs.Of<T>(2, item, 1)[0] = T.CreateTruncating(scale);
    }

    /// <summary>The products of −s·I + Σ uᵢvᵢᵀ with two vectors, for which its rows are read once.</summary>
    private static void Apply<T>(
        double scale,
        ItemRow<T> left,
        ItemRow<T> right,
        ReadOnlySpan<T> x,
        ReadOnlySpan<T> y,
        Span<double> products,
        Span<T> ofX,
        Span<T> ofY
    )
        where T : unmanaged, INumber<T>
    {
        Span<double> first = products[..(products.Length / 2)];
        Span<double> second = products[first.Length..];
        Vectors.DotAll(x, y, right, first, second);
        Vectors.Scale<T>(ofX, -scale, x);
        Vectors.Scale<T>(ofY, -scale, y);
        Vectors.AddAll(ofX, first, ofY, second, left);
    }

    /// <summary>The scale that fits the last change.</summary>
    private double Fitted<T>(double scale, ReadOnlySpan<T> move, ReadOnlySpan<T> change)
        where T : unmanaged, INumber<T>
    {
        double square = Vectors.Dot(change, change);
        double product = Vectors.Dot(move, change);
        return Math.Abs(product) > Vanishing * Vectors.Norm(move) * Math.Sqrt(square) ? -product / square : scale;
    }
}
