using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Implicit.Backends.Cpu;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The weights of <see cref="Anderson"/> for some items side by side in lanes: least squares by the factors L·D·Lᵀ of the Gram matrix of changes with
/// its ridge, the newest change first. A pivot beside the diagonal is the square of the sine of the angle between a change and the newer ones: where
/// that is too small, this change and all older ones are left out.
/// </summary>
/// <param name="memory">m, the number of changes.</param>
/// <param name="places">How many shares are read, m or more.</param>
/// <param name="ridge">What is added to the diagonal, relative to it.</param>
/// <param name="leastSquare">The least square of a sine.</param>
/// <param name="room"><see cref="RoomFor"/> numbers of any finite values.</param>
internal readonly unsafe struct AndersonWeights(int memory, int places, double ridge, double leastSquare, double* room)
{
    /// <summary>How many items.</summary>
    public const int Lanes = 8;

    /// <summary>The least normal number: the inverse of a smaller one may be infinite.</summary>
    private const double LeastPivot = 2.2250738585072014e-308;

    private readonly int length = RowFor(memory, places);

    /// <summary>The numbers that need room.</summary>
    public static int RoomFor(int memory, int places) => Lanes * ((2 * RowFor(memory, places)) + memory + 1);

    /// <summary>Whole vectors, which are transposed faster. The last row of products may be written in whole passes, too.</summary>
    private static int RowFor(int memory, int places) =>
        (places + (memory * (memory - 1)) + places + Lanes - 1) / Lanes * Lanes;

    private Vector512<double>* InLanes => (Vector512<double>*)room + length;

    /// <summary>
    /// The place of an item's numbers: the products of changes with the residual, and behind <c>places</c> of them, [m, m], of each change those with
    /// itself and with older ones, as many as are left.
    /// </summary>
    public double* Row(int lane) => room + (lane * length);

    /// <summary>
    /// What each older image has of the next iterate, once that is computed: γₖ − γₖ₊₁, the newest first, and one <see cref="Lanes"/> numbers behind
    /// the other; where there is no change, its product with the residual, which is 0.
    /// </summary>
    public double* Shares(int lane) => (double*)InLanes + lane;

    /// <summary>How many changes are not forgotten, those that are not there included, once that is computed.</summary>
    public int Kept(int lane) => (int)((double*)(InLanes + length + memory))[lane];

    /// <summary>Computes the shares of all items.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Solve()
    {
        Vector512<double>* weights = InLanes;
        Packing.Copy(length, Lanes, new(room, 1, length), (double*)weights);
        Vector512<double>* products = weights + places;
        Vector512<double>* pivots = weights + length;
        for (int k = 0; k < memory; k++)
            pivots[k] = products[k * memory] * (1.0 + ridge);
        pivots[memory] = Eliminate(memory, leastSquare, products, pivots, weights);
        Vector512<double> older = Vector512<double>.Zero;
        for (int k = memory - 1; k >= 0; k--)
        {
            Vector512<double> weight = weights[k] * pivots[k];
            Vector512<double>* product = products + k;
            for (int i = 0; i < k; i++, product += memory - 1)
                weights[i] = Vectors.MultiplyAdd(-weight, *product, weights[i]);
            weights[k] = weight - older;
            older = weight;
        }
    }

    /// <summary>
    /// Leaves of the products with each change D·Lᵀ, of pivots the inverse of D, and of weights the solution with L; returns how many changes are
    /// not forgotten. What follows a change is left without what this explains, so that it does not wait for what follows it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Eliminate(
        int memory,
        double leastSquare,
        Vector512<double>* products,
        Vector512<double>* pivots,
        Vector512<double>* weights
    )
    {
        Vector512<double> kept = Vector512<double>.Zero;
        Vector512<double> isKept = Vector512<double>.AllBitsSet;
        for (int left = memory - 1; left >= 0; left--)
        {
            isKept = Vector512.AndNot(isKept, Vector512.LessThan(*pivots, *products * leastSquare));
            kept += isKept & Vector512<double>.One;
            // What was forgotten, or hardly changed, has nothing on the diagonal that could be divided by.
            Vector512<double> isThere = isKept & Vector512.GreaterThan(*pivots, Vector512.Create(LeastPivot));
            Vector512<double> inverse = isThere & (Vector512<double>.One / *pivots);
            *pivots++ = inverse;
            Vector512<double> weight = isThere & *weights;
            *weights++ = weight;
            Vector512<double>* row = products + 1;
            products += memory;
            Vector512<double>* then = products;
            for (int i = 0; i < left; i++, row++, then += memory)
            {
                Vector512<double> element = *row * -inverse;
                pivots[i] = Vectors.MultiplyAdd(element, *row, pivots[i]);
                weights[i] = Vectors.MultiplyAdd(element, weight, weights[i]);
                for (int j = 1; j < left - i; j++)
                    then[j] = Vectors.MultiplyAdd(element, row[j], then[j]);
            }
        }
        return kept;
    }
}
