using System.Numerics;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The arithmetic of <see cref="Broyden"/>: (z, F, F before, numbers, first, steps) → (next iterate, step to it, first, numbers). The newest step comes
/// first. The numbers are how many updates are in force, the scale σ, and the factor of each update but the newest: its u is so many times the
/// step that followed, or what stands for that at the beginning (first), where σ had not been fitted when the step was taken.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Memory">The most updates.</param>
/// <param name="Vanishing">An update whose denominator is smaller than this, beside what it is made of, is left out.</param>
/// <param name="Rounding">The same beside the square of the step, from which it is a difference.</param>
internal sealed record BroydenLoop(int Length, int Memory, double Vanishing, double Rounding) : ItemLoop(Length)
{
    /// <summary>The inputs before the steps.</summary>
    public const int FirstStep = 5;

    /// <summary>The numbers before those of the updates.</summary>
    public const int FirstFactor = 2;

    /// <summary>How many numbers there are.</summary>
    public int Numbers => FirstFactor + Memory - 1;

    protected override int RoomFor => 0;

    protected override double Nanoseconds => 0.05 * Memory * Length;

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        for (int item = start; item < end; item++)
        {
            ReadOnlySpan<double> numbers = inputs.Of<double>(3, item, Numbers);
            int count = numbers[0] >= Memory ? 0 : (int)numbers[0];
            if (count == 0)
                Begin(inputs, outputs, item, numbers[1]);
            else if (!GoOn<T, T>(inputs, outputs, item, count))
                GoOn<T, double>(inputs, outputs, item, count);
        }
    }

    /// <summary>With no update in force: the scale is fitted to the last change, and the first update made of both.</summary>
    private void Begin<T>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, double scale)
        where T : unmanaged, INumber<T>
    {
        Span<T> residual = inputs.Of(1, item);
        Span<T> last = inputs.Of(FirstStep, item);
        Span<T> next = outputs.Of(0, item);
        Span<T> step = outputs.Of(1, item);
        Span<T> first = outputs.Of(2, item);
        Span<T> change = next;
        Vectors.Subtract<T>(change, residual, inputs.Of(2, item));
        double square = Vectors.Dot<T>(last, last);
        double squareOfChange = Vectors.Dot<T>(change, change);
        double product = Vectors.Dot<T>(last, change);
        bool isSound = Math.Abs(product) > Vanishing * Math.Sqrt(square) * Math.Sqrt(squareOfChange);
        scale = isSound ? -product / squareOfChange : scale;
        Vectors.Scale<T>(step, scale, residual);
        first.Clear();
        if (isSound)
        {
            double length = -square / (scale * product);
            Vectors.Scale<T>(first, length, last);
            Vectors.Add<T>(first, length * scale, change);
            Vectors.Add<T>(step, scale * Vectors.Dot<T>(last, residual) / square, first);
        }
        inputs.Of(0, item).CopyTo(next);
        Vectors.Add<T>(next, 1.0, step);
        Remember(inputs, outputs, item, isSound ? 1 : 0, scale, isSound ? 1.0 / square : 0.0);
    }

    /// <summary>With updates in force; false if sums have left their range.</summary>
    private bool GoOn<T, TSum>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, int count)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        ReadOnlySpan<double> numbers = inputs.Of<double>(3, item, Numbers);
        ReadOnlySpan<double> factors = numbers[FirstFactor..];
        ItemRow<T> steps = inputs.From(FirstStep, item);
        ReadOnlySpan<T> first = inputs.Of(4, item);
        Span<T> step = outputs.Of(1, item);
        Vectors.Scale<T>(step, -numbers[1], inputs.Of(1, item));
        double product = LaneSums<T, TSum>.Dot(steps[count], step);
        for (int i = count; i > 0; i--)
        {
            ReadOnlySpan<T> then = i == count ? first : steps[i - 1];
            product = LaneSums<T, TSum>.Add(step, factors[i - 1] * product, then, steps[i - 1]);
        }

        // Now the step holds the image q of F, and the product is that with the last step s, whose change of F has the image q + s.
        double square = LaneSums<T, TSum>.Dot(steps[0], steps[0]);
        double size = LaneSums<T, TSum>.Dot(step, step);
        if (!LaneSums<T, TSum>.IsInRange(square) || !LaneSums<T, TSum>.IsInRange(size))
            return false;
        double denominator = square + product;
        double image = Math.Sqrt(Math.Max(0.0, size + (2.0 * product) + square));
        bool isSound = Math.Abs(denominator) > Math.Max(Vanishing * Math.Sqrt(square) * image, Rounding * square);
        double length = isSound ? -square / denominator : -1.0;
        Vectors.ScaleAndAdd(outputs.Of(0, item), inputs.Of(0, item), length, step);
        first.CopyTo(outputs.Of(2, item));
        Remember(inputs, outputs, item, count + 1, numbers[1], isSound ? 1.0 / square : 0.0);
        return true;
    }

    /// <summary>The numbers of the next step: the factor of the newest update before those of the older ones.</summary>
    private void Remember<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int item,
        int count,
        double scale,
        double factor
    )
        where T : unmanaged
    {
        Span<double> numbers = outputs.Of<double>(3, item, Numbers);
        (numbers[0], numbers[1]) = (count, scale);
        if (Memory == 1)
            return;
        numbers[FirstFactor] = factor;
        inputs.Of<double>(3, item, Numbers)[FirstFactor..^1].CopyTo(numbers[(FirstFactor + 1)..]);
    }
}
