using System.Numerics;
using System.Runtime.CompilerServices;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The arithmetic of <see cref="Anderson"/>: (z, r, products, g and r before, those before them, …) → (next iterate, g, products), where g is z + βr. Row i
/// of the products [m, m] are those of a change of r with itself and with older ones, as many as are left; it goes down as the change grows older,
/// so that only what new ones add is computed. A change that was forgotten has zeros.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Memory">m, the newest difference included.</param>
/// <param name="Fresh">How many changes the products before know nothing of, from 1 to m: all of these are there.</param>
/// <param name="Damping">β.</param>
/// <param name="Ridge">What is added to the diagonal of the Gram matrix, relative to it.</param>
/// <param name="LeastSquare">Below this square of the sine of its angle to newer ones a change is forgotten.</param>
internal sealed unsafe record AndersonLoop(
    int Length,
    int Memory,
    int Fresh,
    double Damping,
    double Ridge,
    double LeastSquare
) : ItemLoop(Length)
{
    /// <summary>The places of the inputs.</summary>
    public static class Input
    {
        public const int Iterate = 0;
        public const int Residual = 1;
        public const int Products = 2;

        /// <summary>The newest of the older images, which is followed by its residual, by an older image and its residual, and so on.</summary>
        public const int Pairs = 3;
    }

    /// <summary>The places of the outputs.</summary>
    public static class Output
    {
        public const int Iterate = 0;
        public const int Image = 1;
        public const int Products = 2;
    }

    /// <summary>The differences that a pass takes.</summary>
    private const int Together = Differences<float>.Together;

    /// <summary>Room for m differences, in whole passes.</summary>
    private int Places { get; } = (Memory + Together - 1) / Together * Together;

    protected override int RoomFor => AndersonWeights.RoomFor(Memory, Places);

    protected override double Nanoseconds => (0.1 * (Fresh + 1) * Memory * Length) + (5.0 * Memory * Memory);

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        // Lanes that are left over would compute with what happens to be there, and denormal numbers take long.
        room.Clear();
        double* own = (double*)Unsafe.AsPointer(ref room[0]);
        var weights = new AndersonWeights(Memory, Places, Ridge, LeastSquare, own);
        T** images = stackalloc T*[Places];
        T** residuals = stackalloc T*[Places + Fresh];
        double* beside = stackalloc double[2 * Places];
        int pointed = -1;
        for (int from = start; from < end; from += AndersonWeights.Lanes)
        {
            int to = Math.Min(from + AndersonWeights.Lanes, end);
            for (int item = from; item < to; item++)
            {
                double* row = weights.Row(item - from);
                double* before = Products(inputs, Input.Products, item);
                Point(inputs, before, ref pointed, images, residuals);
                for (int change = 0; change < Fresh; change += 2)
                    if (!Measure<T, T>(residuals, item, change, row, beside))
                        Measure<T, double>(residuals, item, change, row, beside);
                Grow(before, row + Places);
            }
            weights.Solve();
            for (int item = from; item < to; item++)
            {
                int lane = item - from;
                Point(inputs, Products(inputs, Input.Products, item), ref pointed, images, residuals);
                Remember(weights.Row(lane) + Places, weights.Kept(lane), Products(outputs, Output.Products, item));
                Combine(inputs, outputs, item, images, weights.Shares(lane));
            }
        }
    }

    private double* Products<T>(in ItemVectors<T> buffers, int buffer, int item)
        where T : unmanaged => (double*)buffers.Start(buffer) + ((long)item * Memory * Memory);

    /// <summary>Where older images and residuals are, the newest first; in place of what an item does not have stands the oldest that it has.</summary>
    private void Point<T>(in ItemVectors<T> inputs, double* products, ref int pointed, T** images, T** residuals)
        where T : unmanaged
    {
        int known = Memory - Fresh;
        while (known > 0 && !(products[(known - 1) * Memory] > 0.0))
            known--;
        int older = known + Fresh - 1;
        if (older == pointed)
            return;
        pointed = older;
        residuals[0] = inputs.Start(Input.Residual);
        for (int k = 0; k < Places; k++)
            images[k] = inputs.Start(Input.Pairs + (2 * Math.Min(k, older)));
        for (int k = 1; k < Places + Fresh; k++)
            residuals[k] = inputs.Start(Input.Pairs + (2 * Math.Min(k - 1, older)) + 1);
    }

    /// <summary>
    /// The products of a new change, and of the one before it if that is new, with themselves and older ones; of the newest those of all changes with the
    /// residual. False if sums have left their range.
    /// </summary>
    /// <param name="residuals">All residuals.</param>
    /// <param name="item">The item.</param>
    /// <param name="change">The change.</param>
    /// <param name="row">The item's numbers.</param>
    /// <param name="beside">Room for what is no product of the first change, and then for what is one of the second.</param>
    private bool Measure<T, TSum>(T** residuals, int item, int change, double* row, double* beside)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        double* ofResidual = change == 0 ? row : beside;
        double* products = row + Places + (change * Memory);
        double* ofSecond = beside + Places;
        if (change + 1 == Fresh)
            return Measure<T, TSum, OneRow>(residuals + change, item, ofResidual, products, ofSecond)
                && IsSound<T, TSum>(*products, residuals + change, item);
        bool areFinite = Measure<T, TSum, TwoRows>(residuals + change, item, ofResidual, products, ofSecond);
        // The product with the first change is there.
        double* second = products + Memory;
        new Span<double>(ofSecond + 1, Memory - 1).CopyTo(new(second, Memory - 1));
        second[Memory - 1] = 0.0;
        return areFinite
            && IsSound<T, TSum>(*products, residuals + change, item)
            && IsSound<T, TSum>(*second, residuals + change + 1, item);
    }

    /// <summary>Whether the square of a change is exact enough; that of none is 0, as at the start.</summary>
    private bool IsSound<T, TSum>(double square, T** residuals, int item)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        if (LaneSums<T, TSum>.IsInRange(square))
            return true;
        int start = At(item).Start;
        return square == 0.0
            && DifferenceAndFirst.IsFirstZero<T>(new(residuals[0] + start, Length), new(residuals[1] + start, Length));
    }

    private bool Measure<T, TSum, TRows>(T** residuals, int item, double* ofResidual, double* ofFirst, double* ofSecond)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        // Where steps shrink, products with older changes may leave the range although those of the newest do not.
        bool areFinite = true;
        for (int k = 0; k < Places; k += Together)
            areFinite &= Differences<T>.Products<TSum, TRows>(
                At(item),
                residuals,
                residuals + k,
                ofResidual + k,
                ofFirst + k,
                ofSecond + k
            );
        return areFinite;
    }

    /// <summary>Puts behind the new rows of products those from before, without what has no place any longer.</summary>
    private void Grow(double* before, double* products)
    {
        int rest = Memory * (Memory - Fresh);
        new Span<double>(before, rest).CopyTo(new(products + (Fresh * Memory), rest));
        for (int i = Fresh; i < Memory; i++)
        for (int k = Memory - i; k < Memory - i + Fresh; k++)
            products[(i * Memory) + k] = 0.0;
    }

    /// <summary>The products that the next step finds, without those of changes that are not kept.</summary>
    private void Remember(double* products, int kept, double* then)
    {
        int square = Memory * Memory;
        new Span<double>(products, square).CopyTo(new(then, square));
        for (int i = 0; kept < Memory && i < Memory; i++)
        for (int k = Math.Max(kept - i, 0); k < Memory; k++)
            then[(i * Memory) + k] = 0.0;
    }

    /// <summary>g − Σ γₖ·Δgₖ, by what older images get of that; g is made on the way.</summary>
    private void Combine<T>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item, T** images, double* shares)
        where T : unmanaged, INumber<T>
    {
        T* next = outputs.Start(Output.Iterate);
        T* image = outputs.Start(Output.Image);
        T* from = image;
        for (int k = 0; k < Places; k += Together)
        {
            Differences<T>.Mix(
                At(item),
                next,
                from,
                image,
                inputs.Start(Input.Iterate),
                Damping,
                inputs.Start(Input.Residual),
                images + k,
                shares + (k * AndersonWeights.Lanes),
                AndersonWeights.Lanes
            );
            from = next;
        }
    }
}
