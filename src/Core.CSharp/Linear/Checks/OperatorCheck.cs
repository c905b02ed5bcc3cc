using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Linear;

/// <summary>
/// Claims about an operator, each tried on random vectors: the witness holds, per claim, how far a probe is from what must hold, relative to
/// the sizes that enter, so that rounding is all there may be. (NaN is left to be found where it matters, but is no sign of definiteness.)
/// </summary>
/// <param name="Allowed">What counts as rounding.</param>
/// <param name="Claims">What is claimed, in the order of the witness.</param>
internal sealed record OperatorCheck(double Allowed, ValueArray<string> Claims) : Requirement
{
    private const long Seed = 20;

    public override int ItemRank => 1;

    /// <summary>A value that is computed with the operator, once its claims were tried.</summary>
    public static Tensor Guard(LinearOperator a, Tensor value, int probes)
    {
        RandomKey[] keys = RandomKey.Of(Seed).Split(probes);
        foreach (RandomKey key in keys)
        {
            (string Claim, Tensor Distance)[] claims = [.. Probe(a, key)];
            value = Tensor.Ensure(
                value,
                Tensor.Concat([.. claims.Select(claim => Tensor.Reshape(claim.Distance, [1]))], 0),
                new OperatorCheck(Math.Sqrt(Matrices.Rounding(a.Input.DType)), [.. claims.Select(claim => claim.Claim)])
            );
        }
        return value;
    }

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        for (int i = 0; i < item.Length; i++)
            if (item[i] > Allowed)
                Throw.Error(
                    "linearSolve",
                    $"the operator must be {Claims[i]}",
                    $"one that is not, by {item[i]:g3} of its size on a random vector{FailureText.ForItem(number, items)}"
                );
    }

    private static IEnumerable<(string, Tensor)> Probe(LinearOperator a, RandomKey key)
    {
        RandomKey[] keys = key.Split(3);
        Tensor x = Tensor.Normal(keys[0], a.Input.Shape, a.Input.DType);
        Tensor y = Tensor.Normal(keys[1], a.Input.Shape, a.Input.DType);
        Tensor w = Tensor.Normal(keys[2], a.Output.Shape, a.Output.DType);
        Tensor image = a.Product(x);
        Tensor other = a.Product(y);
        Tensor size = Tensor.ScaledNorm(image);
        Tensor sum = a.Product(x + (2.0 * y)) - image - (2.0 * other);
        yield return ("linear", Tensor.ScaledNorm(sum) / (size + Tensor.ScaledNorm(other)));
        yield return ("the transpose of its transpose", Apart(w, image, a.TransposedProduct(w), x));
        if (a.Is(OperatorProperties.Symmetric))
            yield return ("symmetric", Apart(y, image, other, x));
        if (a.Is(OperatorProperties.PositiveDefinite))
            yield return (
                "positive definite",
                Tensor.Where(Inner(x, image / size) > 0.0, Tensor.ZerosLike(size), Tensor.OnesLike(size))
            );
        if (a.Is(OperatorProperties.LowerTriangular))
            yield return ("lower triangular", Leak(a, x, lower: true));
        if (a.Is(OperatorProperties.UpperTriangular))
            yield return ("upper triangular", Leak(a, x, lower: false));
    }

    /// <summary>What of the image of the one half of a vector lies in the other half, where a triangle leaves zeros.</summary>
    private static Tensor Leak(LinearOperator a, Tensor x, bool lower)
    {
        int n = x.Length;
        int half = n / 2;
        Tensor flat = Tensor.Reshape(x, [n]);
        Tensor first = Tensor.Slice(flat, 0, 0, half);
        Tensor second = Tensor.Slice(flat, 0, half, n);
        Tensor kept = lower
            ? Tensor.Concat([Tensor.ZerosLike(first), second], 0)
            : Tensor.Concat([first, Tensor.ZerosLike(second)], 0);
        Tensor image = Tensor.Reshape(a.Product(Tensor.Reshape(kept, x.Shape)), [n]);
        Tensor wrong = lower ? Tensor.Slice(image, 0, 0, half) : Tensor.Slice(image, 0, half, n);
        return Tensor.ScaledNorm(wrong) / Tensor.ScaledNorm(image);
    }

    /// <summary>|⟨w, A·x⟩ − ⟨Aᵀ·w, x⟩| beside the larger of the images, which are brought to its size before products are taken of them.</summary>
    private static Tensor Apart(Tensor w, Tensor image, Tensor pulled, Tensor x)
    {
        Tensor larger = Tensor.Maximum(Tensor.ScaledNorm(image), Tensor.ScaledNorm(pulled));
        Tensor unit = Tensor.Where(larger > 0.0, larger, 1.0);
        return Tensor.Abs(Inner(w, image / unit) - Inner(pulled / unit, x)) / Tensor.Norm(w);
    }

    private static Tensor Inner(Tensor a, Tensor b) => Tensor.Sum(a * b);
}
