namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Random places along the last axis, each as likely as the softmax of the logits says.</summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="logits">[…, n]: logarithms of weights that need not sum to 1; −∞ never comes.</param>
    /// <returns>int64 […], in 0 … n − 1.</returns>
    /// <exception cref="TensorException">The logits are a scalar, are not floating-point, or n is 0.</exception>
    /// <remarks>
    /// The place of the largest logit after independent Gumbel noise −ln(−ln u) is added: C. Maddison, D. Tarlow and T. Minka, "A* sampling"
    /// (2014), section 2.
    /// </remarks>
    public static Tensor Categorical(RandomKey key, Tensor logits) =>
        Argmax(logits - Log(-Log(Uniform(key, logits.Shape, logits.DType))), -1);
}
