namespace Implicit.Benchmarks;

/// <summary>A perceptron with tanh between its layers: y ↦ …W₂·tanh(W₁·y + b₁) + b₂.</summary>
internal static class Network
{
    /// <summary>Weight and bias of each layer, one after the other: U([width, widths before], seed, ±bound), the bias with its seed.</summary>
    public static Tensor[] Layers(int[] widths, double[] bounds, ulong[] weightSeeds, ulong[] biasSeeds, DType dtype) =>
        [
            .. Enumerable
                .Range(0, widths.Length - 1)
                .SelectMany(layer =>
                    (Tensor[])
                        [
                            Uniform.Of(
                                [widths[layer + 1], widths[layer]],
                                weightSeeds[layer],
                                -bounds[layer],
                                bounds[layer],
                                dtype
                            ),
                            Uniform.Of([widths[layer + 1]], biasSeeds[layer], -bounds[layer], bounds[layer], dtype),
                        ]
                ),
        ];

    public static Tensor Apply(Tensor[] layers, Tensor y)
    {
        for (int i = 0; i < layers.Length; i += 2)
            y = Tensor.MatMul(i == 0 ? y : Tensor.Tanh(y), layers[i].T) + layers[i + 1];
        return y;
    }
}
