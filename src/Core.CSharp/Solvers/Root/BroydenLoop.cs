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
        int together = Math.Clamp(NearBytes / (3 * Length * Unsafe.SizeOf<T>()), 1, MostTogether);
        double* products = stackalloc double[2 * MostTogether];
        for (int from = start, to; from < end; from = to)
        {
            int count = InForce(inputs, from);
            int last = Math.Min(from + together, end);
            for (to = from + 1; to < last && InForce(inputs, to) == count; )
                to++;
            if (count == 0)
                for (int item = from; item < to; item++)
                    Restart(inputs, outputs, item);
            else
                TakeSteps(inputs, outputs, from, to, count, products);
        }
    }

    /// <summary>Steps of items with as many updates in force.</summary>
    private void TakeSteps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int from,
        int to,
        int count,
        double* products
    )
        where T : unmanaged, INumber<T>
    {
        ApplyUpdates<T, T>(inputs, outputs, from, to, count, products);
        for (int item = from; item < to; item++, products += 2)
            if (!TakeStep<T, T>(inputs, outputs, item, *products))
            {
                ApplyUpdates<T, double>(inputs, outputs, item, item + 1, count, products);
                TakeStep<T, double>(inputs, outputs, item, *products);
            }
    }

    /// <summary>An item's numbers.</summary>
    private double* Of<T>(in ItemVectors<T> buffers, int buffer, int item)
        where T : unmanaged => (double*)buffers.Start(buffer) + ((long)item * Numbers);

    /// <summary>How many updates are in force.</summary>
    private int InForce<T>(in ItemVectors<T> inputs, int item)
        where T : unmanaged
    {
        double count = *Of(inputs, Input.Numbers, item);
        return count >= Memory ? 0 : (int)count;
    }

    /// <summary>With no update in force: the scale is fitted to the last change, and the first update made of both.</summary>
    private void Restart<T>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item)
        where T : unmanaged, INumber<T>
    {
        double scale = Of(inputs, Input.Numbers, item)[1];
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
    /// The image q of F, in the place of the step, and its products with the last step. Updates are applied to all items before the next ones: the oldest,
    /// then two at a time.
    /// </summary>
    /// <param name="inputs">The inputs of all items.</param>
    /// <param name="outputs">The outputs of all items.</param>
    /// <param name="from">The first item.</param>
    /// <param name="to">The item after the last.</param>
    /// <param name="count">How many updates are in force.</param>
    /// <param name="products">Receives two numbers for each item: the product of its image with its last step, and one without a meaning.</param>
    private void ApplyUpdates<T, TSum>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int from,
        int to,
        int count,
        double* products
    )
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        for (int item = from; item < to; item++)
            ApplyOldest<T, TSum>(inputs, outputs, item, count, products + (2 * (item - from)));
        for (int update = count - 1; update > 0; update -= 2)
            ApplyTwo<T, TSum>(inputs, outputs.Start(Output.Step), from, to, update, products);
    }

    /// <summary>The image of F under the scale and the oldest update.</summary>
    private void ApplyOldest<T, TSum>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int item,
        int count,
        double* products
    )
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        double* numbers = Of(inputs, Input.Numbers, item);
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
    private void ApplyTwo<T, TSum>(in ItemVectors<T> inputs, T* images, int from, int to, int update, double* products)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        T* u = inputs.Start(Input.Steps + update - 1);
        T* v = inputs.Start(Input.Steps + Math.Max(update - 2, 0));
        T* w = inputs.Start(Input.Steps + Math.Max(update - 3, 0));
        double* factors = Of(inputs, Input.Numbers, from) + FirstFactor - 1 + update;
        for (int item = from; item < to; item++, products += 2, factors += Numbers)
        {
            double length = factors[0] * products[0];
            double second = update == 1 ? 0.0 : factors[-1];
            second = second == 0.0 ? 0.0 : (second * products[1]) + length;
            (products[0], products[1]) = LaneSums<T, TSum>.AddTwo(At(item), images, length, u, second, v, w);
        }
    }

    /// <summary>The step, from q and its product with the last step s, whose change of F has the image q + s; false if sums have left their range.</summary>
    private bool TakeStep<T, TSum>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, double product)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        Span<T> last = inputs.Of(Input.Steps, item);
        Span<T> step = outputs.Of(Output.Step, item);
        (double square, double size) = LaneSums<T, TSum>.Squares<FirstAndSecond>(last, step);
        if (!LaneSums<T, TSum>.IsInRange(square) || !LaneSums<T, TSum>.IsInRange(size))
            return false;
        double scale = Of(inputs, Input.Numbers, item)[1];
        double denominator = square + product;
        double image = Math.Sqrt(Math.Max(0.0, size + (2.0 * product) + square));
        bool isSound = Math.Abs(denominator) > Math.Max(Vanishing * Math.Sqrt(square) * image, Rounding * square);
        double length = isSound ? -square / denominator : -1.0;
        Vectors.ScaleAndAdd(outputs.Of(Output.Iterate, item), inputs.Of(Input.Iterate, item), length, step);
        inputs.Of(Input.First, item).CopyTo(outputs.Of(Output.First, item));
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
        double* numbers = Of(outputs, Output.Numbers, item);
        (numbers[0], numbers[1]) = (count, scale);
        if (Memory == 1)
            return;
        numbers[FirstFactor] = factor;
        new Span<double>(Of(inputs, Input.Numbers, item) + FirstFactor, Memory - 2).CopyTo(
            new(numbers + FirstFactor + 1, Memory - 2)
        );
    }
}
