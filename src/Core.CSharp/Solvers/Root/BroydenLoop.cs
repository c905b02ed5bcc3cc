using System.Numerics;
using System.Runtime.CompilerServices;
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
internal sealed unsafe record BroydenLoop(int Length, int Memory, double Vanishing, double Rounding) : ItemLoop(Length)
{
    /// <summary>The places of the inputs.</summary>
    public static class Input
    {
        public const int Iterate = 0;
        public const int Residual = 1;
        public const int ResidualBefore = 2;
        public const int Numbers = 3;
        public const int First = 4;

        /// <summary>The newest step, which is followed by the older ones.</summary>
        public const int Steps = 5;
    }

    /// <summary>The places of the outputs.</summary>
    public static class Output
    {
        public const int Iterate = 0;
        public const int Step = 1;
        public const int First = 2;
        public const int Numbers = 3;
    }

    /// <summary>The numbers before those of the updates.</summary>
    public const int FirstFactor = 2;

    /// <summary>How many numbers there are.</summary>
    public int Numbers => FirstFactor + Memory - 1;

    /// <summary>
    /// The most items whose updates are applied in turn: those of one item wait for each other, those of several do not.
    /// </summary>
    private const int MostTogether = 8;

    /// <summary>Bytes of the vectors that turns go through, which stay in the first cache.</summary>
    private const int NearBytes = 16 * 1024;

    protected override int RoomFor => 2 * MostTogether;

    protected override double Nanoseconds => 0.05 * Memory * Length;

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        int together = Math.Clamp(NearBytes / (3 * Length * Unsafe.SizeOf<T>()), 1, MostTogether);
        for (int from = start; from < end; from += together)
        {
            int to = Math.Min(from + together, end);
            ApplyUpdates<T, T>(inputs, outputs, from, to, room);
            for (int item = from; item < to; item++)
                if (InForce(inputs, item) == 0)
                    Restart(inputs, outputs, item);
                else if (!TakeStep<T, T>(inputs, outputs, item, room[2 * (item - from)]))
                {
                    ApplyUpdates<T, double>(inputs, outputs, item, item + 1, room);
                    TakeStep<T, double>(inputs, outputs, item, room[0]);
                }
        }
    }

    /// <summary>How many updates are in force.</summary>
    private int InForce<T>(in ItemVectors<T> inputs, int item)
        where T : unmanaged
    {
        double count = inputs.Of<double>(Input.Numbers, item, Numbers)[0];
        return count >= Memory ? 0 : (int)count;
    }

    /// <summary>With no update in force: the scale is fitted to the last change, and the first update made of both.</summary>
    private void Restart<T>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item)
        where T : unmanaged, INumber<T>
    {
        double scale = inputs.Of<double>(Input.Numbers, item, Numbers)[1];
        Span<T> residual = inputs.Of(Input.Residual, item);
        Span<T> last = inputs.Of(Input.Steps, item);
        Span<T> next = outputs.Of(Output.Iterate, item);
        Span<T> step = outputs.Of(Output.Step, item);
        Span<T> first = outputs.Of(Output.First, item);
        Span<T> change = next;
        Vectors.Subtract<T>(change, residual, inputs.Of(Input.ResidualBefore, item));
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
        inputs.Of(Input.Iterate, item).CopyTo(next);
        Vectors.Add<T>(next, 1.0, step);
        Remember(inputs, outputs, item, isSound ? 1 : 0, scale, isSound ? 1.0 / square : 0.0);
    }

    /// <summary>
    /// Of items with updates in force the image q of F, in the place of the step, and its products with the last step. Updates are applied to all of them
    /// before the next ones: the oldest, then two at a time.
    /// </summary>
    /// <param name="inputs">The inputs of all items.</param>
    /// <param name="outputs">The outputs of all items.</param>
    /// <param name="from">The first item.</param>
    /// <param name="to">The item after the last.</param>
    /// <param name="products">Receives two numbers for each item: the product of its image with its last step, and one without a meaning.</param>
    private void ApplyUpdates<T, TSum>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int from,
        int to,
        Span<double> products
    )
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        Span<int> counts = stackalloc int[MostTogether];
        int most = 0;
        for (int item = from; item < to; item++)
        {
            int count = counts[item - from] = InForce(inputs, item);
            most = Math.Max(most, count);
            if (count > 0)
                ApplyOldest<T, TSum>(inputs, outputs, item, count, products[(2 * (item - from))..]);
        }
        for (int done = 1; done < most; done += 2)
        for (int item = from; item < to; item++)
            if (counts[item - from] > done)
                ApplyTwo<T, TSum>(
                    inputs,
                    outputs.Start(Output.Step),
                    item,
                    counts[item - from] - done,
                    products[(2 * (item - from))..]
                );
    }

    /// <summary>The image of F under the scale and the oldest update.</summary>
    private void ApplyOldest<T, TSum>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int item,
        int count,
        Span<double> products
    )
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        ReadOnlySpan<double> numbers = inputs.Of<double>(Input.Numbers, item, Numbers);
        Span<T> image = outputs.Of(Output.Step, item);
        Vectors.Scale<T>(image, -numbers[1], inputs.Of(Input.Residual, item));
        double product = LaneSums<T, TSum>.Dot(inputs.Of(Input.Steps + count, item), image);
        (products[0], products[1]) = LaneSums<T, TSum>.AddTwo(
            At(item),
            outputs.Start(Output.Step),
            numbers[FirstFactor + count - 1] * product,
            inputs.Start(Input.First),
            0.0,
            inputs.Start(Input.Steps + count - 1),
            inputs.Start(Input.Steps + Math.Max(count - 2, 0))
        );
    }

    /// <summary>
    /// Applies an update and the one after it, if there is one. The products of the image with their steps become those of the next two. The first adds a
    /// multiple of the second's step, by whose square the second's factor divides: so its product is known before it is added.
    /// </summary>
    private void ApplyTwo<T, TSum>(in ItemVectors<T> inputs, T* images, int item, int update, Span<double> products)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        ReadOnlySpan<double> factors = inputs.Of<double>(Input.Numbers, item, Numbers)[(FirstFactor - 1)..];
        double length = factors[update] * products[0];
        double second = update == 1 ? 0.0 : factors[update - 1];
        (products[0], products[1]) = LaneSums<T, TSum>.AddTwo(
            At(item),
            images,
            length,
            inputs.Start(Input.Steps + update - 1),
            second == 0.0 ? 0.0 : (second * products[1]) + length,
            inputs.Start(Input.Steps + Math.Max(update - 2, 0)),
            inputs.Start(Input.Steps + Math.Max(update - 3, 0))
        );
    }

    /// <summary>The step, from q and its product with the last step s, whose change of F has the image q + s; false if sums have left their range.</summary>
    private bool TakeStep<T, TSum>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, double product)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        Span<T> last = inputs.Of(Input.Steps, item);
        Span<T> step = outputs.Of(Output.Step, item);
        double square = LaneSums<T, TSum>.Dot(last, last);
        double size = LaneSums<T, TSum>.Dot(step, step);
        if (!LaneSums<T, TSum>.IsInRange(square) || !LaneSums<T, TSum>.IsInRange(size))
            return false;
        double denominator = square + product;
        double image = Math.Sqrt(Math.Max(0.0, size + (2.0 * product) + square));
        bool isSound = Math.Abs(denominator) > Math.Max(Vanishing * Math.Sqrt(square) * image, Rounding * square);
        double length = isSound ? -square / denominator : -1.0;
        Vectors.ScaleAndAdd(outputs.Of(Output.Iterate, item), inputs.Of(Input.Iterate, item), length, step);
        inputs.Of(Input.First, item).CopyTo(outputs.Of(Output.First, item));
        double scale = inputs.Of<double>(Input.Numbers, item, Numbers)[1];
        Remember(inputs, outputs, item, InForce(inputs, item) + 1, scale, isSound ? 1.0 / square : 0.0);
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
        Span<double> numbers = outputs.Of<double>(Output.Numbers, item, Numbers);
        (numbers[0], numbers[1]) = (count, scale);
        if (Memory == 1)
            return;
        numbers[FirstFactor] = factor;
        inputs.Of<double>(Input.Numbers, item, Numbers)[FirstFactor..^1].CopyTo(numbers[(FirstFactor + 1)..]);
    }
}
