using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Solvers;

/// <summary>
/// The weights of <see cref="Anderson"/> for some items side by side in lanes: least squares by the factors L·D·Lᵀ of the Gram matrix of changes with
/// its ridge, the newest change first. A pivot beside the diagonal is the square of the sine of the angle between a change and the newer ones: where
/// that is too small, this change and all older ones are left out.
/// </summary>
/// <param name="memory">m, the number of changes.</param>
/// <param name="ridge">What is added to the diagonal, relative to it.</param>
/// <param name="leastSquare">The least square of a sine.</param>
/// <param name="room"><see cref="RoomFor"/> numbers of any finite values.</param>
internal readonly ref struct AndersonWeights(int memory, double ridge, double leastSquare, Span<double> room)
{
    /// <summary>How many items.</summary>
    public const int Lanes = 8;

    /// <summary>The least normal number: the inverse of a smaller one may be infinite.</summary>
    private const double LeastPivot = 2.2250738585072014e-308;

    /// <summary>The numbers that need room.</summary>
    public static int RoomFor(int memory) => Lanes * ((memory * (memory + 2)) + 1);

    private readonly Span<double> room = room;

    /// <summary>Takes the products of an item.</summary>
    /// <param name="lane">The item's place.</param>
    /// <param name="gram">[m, m]: of each change the products with itself and with older ones, as many as are left.</param>
    /// <param name="ofResidual">The products with the residual.</param>
    public void Set(int lane, ReadOnlySpan<double> gram, ReadOnlySpan<double> ofResidual)
    {
        ref double from = ref MemoryMarshal.GetReference(gram);
        ref double diagonal = ref Unsafe.Add(ref MemoryMarshal.GetReference(room), lane);
        ref double weight = ref Unsafe.Add(ref diagonal, memory * memory * Lanes);
        for (int j = 0; j < memory; j++)
        {
            ref double to = ref diagonal;
            for (int k = 0; k < memory - j; k++)
            {
                to = Unsafe.Add(ref from, k);
                to = ref Unsafe.Add(ref to, memory * Lanes);
            }
            from = ref Unsafe.Add(ref from, memory);
            diagonal = ref Unsafe.Add(ref diagonal, (memory + 1) * Lanes);
            Unsafe.Add(ref weight, j * Lanes) = ofResidual[j];
        }
    }

    /// <summary>The weight of a change, once they are computed.</summary>
    public double Weight(int k, int lane) => room[(((memory * memory) + k) * Lanes) + lane];

    /// <summary>How many changes have a weight.</summary>
    public int Kept(int lane) => (int)Weight(memory, lane);

    /// <summary>Computes the weights of all items. Below the diagonal is L, then, on it the inverse of D.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Solve()
    {
        ref Vector512<double> lower = ref MemoryMarshal.GetReference(
            MemoryMarshal.Cast<double, Vector512<double>>(room)
        );
        ref Vector512<double> weights = ref Unsafe.Add(ref lower, memory * memory);
        ref Vector512<double> scaled = ref Unsafe.Add(ref weights, memory + 1);
        Vector512<double> kept = Vector512<double>.Zero;
        Vector512<double> isKept = Vector512<double>.AllBitsSet;
        for (int k = 0; k < memory; k++)
        {
            ref Vector512<double> row = ref Unsafe.Add(ref lower, k * memory);
            Vector512<double> square = Unsafe.Add(ref row, k);
            Vector512<double> pivot = square * (1.0 + ridge);
            Vector512<double> weight = Unsafe.Add(ref weights, k);
            for (int j = 0; j < k; j++)
            {
                ref Vector512<double> newer = ref Unsafe.Add(ref lower, j * memory);
                Vector512<double> product = Unsafe.Add(ref row, j);
                for (int i = 0; i < j; i++)
                    product -= Unsafe.Add(ref scaled, i) * Unsafe.Add(ref newer, i);
                Vector512<double> element = product * Unsafe.Add(ref newer, j);
                (Unsafe.Add(ref scaled, j), Unsafe.Add(ref row, j)) = (product, element);
                pivot -= product * element;
                weight -= element * Unsafe.Add(ref weights, j);
            }
            isKept = Vector512.AndNot(isKept, Vector512.LessThan(pivot, square * leastSquare));
            kept += isKept & Vector512<double>.One;
            // What was forgotten, or hardly changed, has nothing on the diagonal that could be divided by.
            Vector512<double> isThere = isKept & Vector512.GreaterThan(pivot, Vector512.Create(LeastPivot));
            Unsafe.Add(ref row, k) = isThere & (Vector512<double>.One / pivot);
            Unsafe.Add(ref weights, k) = isThere & weight;
        }
        Unsafe.Add(ref weights, memory) = kept;
        for (int k = memory - 1; k >= 0; k--)
        {
            Vector512<double> weight = Unsafe.Add(ref weights, k) * Unsafe.Add(ref lower, k * (memory + 1));
            for (int j = k + 1; j < memory; j++)
                weight -= Unsafe.Add(ref lower, (j * memory) + k) * Unsafe.Add(ref weights, j);
            Unsafe.Add(ref weights, k) = weight;
        }
    }
}
