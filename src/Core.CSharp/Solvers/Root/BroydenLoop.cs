using System.Numerics;
using System.Runtime.CompilerServices;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The arithmetic of <see cref="Broyden"/>: (z, F, F before, numbers, first, directions) → (next iterate, direction of the step to it, first, numbers).
/// The newest direction comes first. The numbers are how many updates are in force, the scale σ, the length of the newest step, and the factor of each
/// update but the newest: it adds, of the direction of the step that followed, so many times its product with its own. At the beginning, where σ had not
/// been fitted when the step was taken, another direction (first) stands for that.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Memory">The most updates.</param>
/// <param name="Vanishing">An update whose denominator is smaller than this, beside what it is made of, is left out.</param>
/// <param name="Rounding">The same beside the length of the step, from which it is a difference.</param>
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

        /// <summary>The direction of the newest step, which is followed by the older ones.</summary>
        public const int Directions = 5;
    }

    /// <summary>The places of the outputs.</summary>
    public static class Output
    {
        public const int Iterate = 0;
        public const int Direction = 1;
        public const int First = 2;
        public const int Numbers = 3;
    }

    /// <summary>The numbers before those of the updates.</summary>
    public const int FirstFactor = 3;

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

    /// <summary>Directions of all items, the newest of age 0.</summary>
    private static float* Direction<T>(in ItemVectors<T> inputs, int age)
        where T : unmanaged => (float*)inputs.Start(Input.Directions + age);

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
        Span<T> next = outputs.Of(Output.Iterate, item);
        Vectors.Subtract<T>(next, residual, inputs.Of(Input.ResidualBefore, item));
        double? factor = MakeFirst(inputs, outputs, item, ref scale);
        Vectors.Add<T>(next, scale, residual);
        double length = Vectors.Norm<T>(next);
        GoOn(inputs, outputs, item, 1.0, Inverse<T>(length));
        Remember(inputs, outputs, item, factor is null ? 0 : 1, scale, length, factor ?? 0.0);
    }

    /// <summary>
    /// Fits the scale to the change of F, which stands in the place of the next iterate, and makes the first update, whose factor is returned: null if there
    /// is none. In the place of the change it leaves what the update adds to the step.
    /// </summary>
    private double? MakeFirst<T>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, ref double scale)
        where T : unmanaged, INumber<T>
    {
        Span<T> change = outputs.Of(Output.Iterate, item);
        T* place = outputs.Start(Output.Iterate);
        float* last = Direction(inputs, 0);
        double length = Of(inputs, Input.Numbers, item)[2];
        double square = Vectors.Dot<T>(change, change);
        double product = Directions<T, double>.Dot(At(item), last, place);
        if (!(length > 0.0 && Math.Abs(product) > Vanishing * Math.Sqrt(square)))
        {
            change.Clear();
            outputs.Of<float>(Output.First, item, Length).Clear();
            return null;
        }
        scale = -length * product / square;
        // s + σΔF, which the update adds to the image of ΔF, −σΔF, so many times that this becomes s.
        Vectors.Scale<T>(change, scale, change);
        Directions<T, double>.Add(At(item), place, length, last);
        Vectors.Scale<T>(change, square / (product * product), change);
        double added = Vectors.Norm<T>(change);
        Directions<T, double>.Scale(At(item), (float*)outputs.Start(Output.First), Inverse<T>(added), place);
        double ofImage = scale * Directions<T, double>.Dot(At(item), last, inputs.Start(Input.Residual));
        Vectors.Scale<T>(change, ofImage / length, change);
        return added / length;
    }

    /// <summary>
    /// The image q of F, in the place of the next iterate, and its products with the newest direction. Updates are applied to all items before the next
    /// ones: the oldest, then two at a time.
    /// </summary>
    /// <param name="inputs">The inputs of all items.</param>
    /// <param name="outputs">The outputs of all items.</param>
    /// <param name="from">The first item.</param>
    /// <param name="to">The item after the last.</param>
    /// <param name="count">How many updates are in force.</param>
    /// <param name="products">Receives two numbers for each item: the product of its image with its newest direction, and one without a meaning.</param>
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
        T* images = outputs.Start(Output.Iterate);
        for (int item = from; item < to; item++)
        {
            Vectors.Scale<T>(
                outputs.Of(Output.Iterate, item),
                -Of(inputs, Input.Numbers, item)[1],
                inputs.Of(Input.Residual, item)
            );
            ApplyOldest<T, TSum>(inputs, images, item, count, products + (2 * (item - from)));
        }
        for (int update = count - 1; update > 0; update -= 2)
            ApplyTwo<T, TSum>(inputs, images, from, to, update, products);
    }

    /// <summary>Applies the oldest update.</summary>
    private void ApplyOldest<T, TSum>(in ItemVectors<T> inputs, T* images, int item, int count, double* products)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        double factor = Of(inputs, Input.Numbers, item)[FirstFactor + count - 1];
        (products[0], products[1]) = Directions<T, TSum>.AddTwo(
            At(item),
            images,
            factor * Directions<T, TSum>.Dot(At(item), Direction(inputs, count), images),
            (float*)inputs.Start(Input.First),
            0.0,
            Direction(inputs, count - 1),
            Direction(inputs, Math.Max(count - 2, 0))
        );
    }

    /// <summary>
    /// Applies an update and the one after it, if there is one. The products of the image with their directions become those of the next two. The first adds
    /// a multiple of the second's direction, whose square is 1: so the second's product is known before it is added.
    /// </summary>
    private void ApplyTwo<T, TSum>(in ItemVectors<T> inputs, T* images, int from, int to, int update, double* products)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        float* u = Direction(inputs, update - 1);
        float* v = Direction(inputs, Math.Max(update - 2, 0));
        float* w = Direction(inputs, Math.Max(update - 3, 0));
        double* factors = Of(inputs, Input.Numbers, from) + FirstFactor - 1 + update;
        for (int item = from; item < to; item++, products += 2, factors += Numbers)
        {
            double first = factors[0] * products[0];
            double second = update == 1 ? 0.0 : factors[-1] * (products[1] + first);
            (products[0], products[1]) = Directions<T, TSum>.AddTwo(At(item), images, first, u, second, v, w);
        }
    }

    /// <summary>
    /// The step, from q and its product with the direction of the last step s, whose change of F has the image q + s; false if sums have left their
    /// range.
    /// </summary>
    private bool TakeStep<T, TSum>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, double product)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        Span<T> image = outputs.Of(Output.Iterate, item);
        double square = LaneSums<T, TSum>.Dot(image, image);
        if (!LaneSums<T, TSum>.IsInRange(square))
            return false;
        double* numbers = Of(inputs, Input.Numbers, item);
        (double scale, double last) = (numbers[1], numbers[2]);
        double denominator = last + product;
        double ofChange = Math.Sqrt(Math.Max(0.0, square + (last * (last + (2.0 * product)))));
        bool isSound = Math.Abs(denominator) > Math.Max(Vanishing * ofChange, Rounding * last);
        double times = isSound ? -last / denominator : -1.0;
        double size = Math.Sqrt(square);
        double length = Math.Abs(times) * size;
        GoOn(inputs, outputs, item, times, Math.CopySign(Inverse<T>(size), times));
        inputs.Of<float>(Input.First, item, Length).CopyTo(outputs.Of<float>(Output.First, item, Length));
        Remember(inputs, outputs, item, InForce(inputs, item) + 1, scale, length, isSound ? length / last : 0.0);
        return true;
    }

    /// <summary>Makes of a vector in the place of the next iterate that iterate, so many times the vector from z, and the direction of this step.</summary>
    private void GoOn<T>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, double times, double inverse)
        where T : unmanaged, INumber<T> =>
        Directions<T, T>.Split(
            At(item),
            (float*)outputs.Start(Output.Direction),
            inverse,
            outputs.Start(Output.Iterate),
            inputs.Start(Input.Iterate),
            times
        );

    /// <summary>What makes a vector of this length a unit vector; 0 if no number of its type does, or it is not finite.</summary>
    private static double Inverse<T>(double length)
        where T : INumber<T>
    {
        double inverse = 1.0 / length;
        return T.IsFinite(T.CreateTruncating(inverse)) ? inverse : 0.0;
    }

    /// <summary>The numbers of the next step: the factor of the newest update before those of the older ones.</summary>
    private void Remember<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int item,
        int count,
        double scale,
        double length,
        double factor
    )
        where T : unmanaged
    {
        double* numbers = Of(outputs, Output.Numbers, item);
        (numbers[0], numbers[1], numbers[2]) = (count, scale, length);
        if (Memory == 1)
            return;
        numbers[FirstFactor] = factor;
        new Span<double>(Of(inputs, Input.Numbers, item) + FirstFactor, Memory - 2).CopyTo(
            new(numbers + FirstFactor + 1, Memory - 2)
        );
    }
}
