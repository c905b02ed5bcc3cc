using System.Numerics;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>
/// A tensor with what bounds the error of computing it, in whichever order its sums are taken and whether or not a product is rounded before
/// it is added.
/// </summary>
/// <param name="Value">The tensor.</param>
/// <param name="Magnitude">The same of absolute values, each difference a sum: A below. Of positive tensors it is the value.</param>
/// <param name="IsPositive">Whether no element was made by a difference or of a negative number.</param>
/// <param name="Roundings">How many roundings at most an input passes on its way: k below.</param>
/// <param name="Octaves">Magnitudes lie between 2^−Octaves and 2^Octaves, far from overflow and from what underflows.</param>
/// <remarks>
/// Let u be half the distance from 1 to the next number, and R(k) the interval from (1 − u)^k to (1 − u)^−k. One rounding multiplies by an element
/// of R(1), none by 1, which R(1) holds too; R(j)·R(k) = R(j + k). Every way of computing x gives Σ mᵢρᵢ with x = Σ mᵢ, A = Σ |mᵢ| and ρᵢ ∈ R(k):
/// sums and differences take the terms of both, a product those of all pairs. If all mᵢ are positive, Σ mᵢρᵢ = x·ρ with ρ ∈ R(k), so that one
/// may divide by x, and of R(k) the root takes R(k/2). Two ways thus differ by Σ |mᵢ|·|ρᵢ − ρᵢ′| ≤ A·((1 − u)^−k − (1 − u)^k). A itself is
/// computed to a factor of R(k), which makes that (1 − u)^−2k − 1 ≤ γ(2k) = 2ku / (1 − 2ku) of it: as A = x for a positive x, that is 2k units in its
/// last place, each at least u·x, and a little more. As in Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., lemma 3.1.
/// </remarks>
internal sealed record Rounded(Tensor Value, Tensor Magnitude, bool IsPositive, int Roundings, int Octaves)
{
    private const int MostOctaves = 40;

    /// <summary>Of numbers between ½ and 2, or between −2 and −½ as well.</summary>
    public static Rounded Exact(Tensor x, bool isPositive) => new(x, isPositive ? x : Tensor.Abs(x), isPositive, 0, 1);

    /// <summary>The largest difference of two ways to compute the value, as a part of the computed magnitude.</summary>
    public static double LargestDifference(int roundings, DType dtype)
    {
        // One more, for what products of small differences lose to underflow, and for what the comparison itself rounds.
        double errors = 2.0 * (roundings + 1) * Unit(dtype);
        return errors / (1.0 - errors);
    }

    /// <summary>u.</summary>
    public static double Unit(DType dtype) => Math.ScaleB(1.0, dtype == DType.Float32 ? -24 : -53);

    public static Rounded operator -(Rounded a) => a with { Value = -a.Value, IsPositive = false };

    public static Rounded operator +(Rounded a, Rounded b) =>
        Sum(a, b, a.Value + b.Value, a.IsPositive && b.IsPositive);

    public static Rounded operator -(Rounded a, Rounded b) => Sum(a, b, a.Value - b.Value, isPositive: false);

    /// <summary>The sum instead, where the product might become too large or too small.</summary>
    public static Rounded operator *(Rounded a, Rounded b) =>
        a.Octaves + b.Octaves > MostOctaves
            ? a + b
            : new(
                a.Value * b.Value,
                a.Magnitude * b.Magnitude,
                a.IsPositive && b.IsPositive,
                a.Roundings + b.Roundings + 1,
                a.Octaves + b.Octaves
            );

    /// <summary>By what is positive.</summary>
    public static Rounded operator /(Rounded a, Rounded b) =>
        a.Octaves + b.Octaves > MostOctaves
            ? a - b
            : new(
                a.Value / b.Value,
                a.Magnitude / b.Value,
                a.IsPositive,
                a.Roundings + b.Roundings + 1,
                a.Octaves + b.Octaves
            );

    /// <summary>Of what is positive.</summary>
    public static Rounded Sqrt(Rounded a) =>
        new(
            Tensor.Sqrt(a.Value),
            Tensor.Sqrt(a.Magnitude),
            IsPositive: true,
            ((a.Roundings + 1) / 2) + 1,
            (a.Octaves + 1) / 2
        );

    public static Rounded Sum(Rounded a, int axis)
    {
        int count = a.Value.Shape[axis];
        return a.Moved(x => Tensor.Sum(x, axis)) with
        {
            Roundings = a.Roundings + count - 1,
            Octaves = a.Octaves + DoublingsTo(count),
        };
    }

    /// <summary>Of matrices; the sum of two where numbers might become too large or too small.</summary>
    public static Rounded MatMul(Rounded a, Rounded b)
    {
        int count = a.Value.Shape[^1];
        int octaves = a.Octaves + b.Octaves + DoublingsTo(count);
        return octaves > MostOctaves
            ? a + a
            : new(
                Tensor.MatMul(a.Value, b.Value),
                Tensor.MatMul(a.Magnitude, b.Magnitude),
                a.IsPositive && b.IsPositive,
                a.Roundings + b.Roundings + count,
                octaves
            );
    }

    /// <summary>The same elements elsewhere.</summary>
    public Rounded Moved(Func<Tensor, Tensor> move) => this with { Value = move(Value), Magnitude = move(Magnitude) };

    private static Rounded Sum(Rounded a, Rounded b, Tensor value, bool isPositive) =>
        new(
            value,
            a.Magnitude + b.Magnitude,
            isPositive,
            Math.Max(a.Roundings, b.Roundings) + 1,
            Math.Max(a.Octaves, b.Octaves) + 1
        );

    private static int DoublingsTo(int count) => BitOperations.Log2((uint)count) + 1;
}
