using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Random places along the last axis, each as likely as the softmax of the logits says.</summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="logits">[…, n]: logarithms of weights that need not sum to 1; −∞ never comes.</param>
    /// <returns>int64 […], in 0 … n − 1.</returns>
    /// <exception cref="TensorException">
    /// The logits are a scalar, are not floating-point, or n is 0; or (when the value is computed) one is NaN or ∞, or all of an item are −∞.
    /// </exception>
    /// <remarks>
    /// The place of the largest logit after independent Gumbel noise −ln(−ln u) is added: C. Maddison, D. Tarlow and T. Minka, "A* sampling"
    /// (2014), section 2.
    /// </remarks>
    public static Tensor Categorical(RandomKey key, Tensor logits)
    {
        Arithmetic.Float("categorical", logits.DType);
        Throw.Unless(
            logits.Rank > 0 && logits.Shape[-1] > 0,
            "categorical",
            "there must be a logit to choose, along the last axis",
            $"{logits.Type}"
        );
        // Where u is 0 the noise would be −∞, and what never comes as good as the rest.
        Tensor u = Maximum(Uniform(key, logits.Shape, logits.DType), 1e-37);
        return Argmax(Ensure(logits, Max(logits, -1), LargestIsFinite.Instance) - Log(-Log(u)), -1);
    }

    private sealed record LargestIsFinite : Requirement
    {
        public static readonly LargestIsFinite Instance = new();

        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            if (!double.IsFinite(item[0]))
                Throw.Error(
                    "categorical",
                    "the largest logit must be finite, and none NaN",
                    $"{item[0]} as the largest{FailureText.ForItem(number, items)}"
                );
        }
    }
}
