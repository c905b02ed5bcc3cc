namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.AvgPool(Tensor, IReadOnlyList{int}, IReadOnlyList{int}, IReadOnlyList{int})"/>
    public static Tensor AvgPool(
        Tensor x,
        IReadOnlyList<int> size,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null
    ) => Tensor.AvgPool(Given(x), Given(size), stride, padding);

    /// <inheritdoc cref="Tensor.Conv(Tensor, Tensor, IReadOnlyList{int}, IReadOnlyList{int}, IReadOnlyList{int}, int)"/>
    public static Tensor Conv(
        Tensor x,
        Tensor weight,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null,
        IReadOnlyList<int>? dilation = null,
        int groups = 1
    ) => Tensor.Conv(Given(x), Given(weight), stride, padding, dilation, groups);

    /// <inheritdoc cref="Tensor.ConvTranspose(Tensor, Tensor, IReadOnlyList{int}, IReadOnlyList{int}, IReadOnlyList{int}, int, IReadOnlyList{int})"/>
    public static Tensor ConvTranspose(
        Tensor x,
        Tensor weight,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null,
        IReadOnlyList<int>? dilation = null,
        int groups = 1,
        IReadOnlyList<int>? outputPadding = null
    ) => Tensor.ConvTranspose(Given(x), Given(weight), stride, padding, dilation, groups, outputPadding);

    /// <inheritdoc cref="Tensor.GroupNorm(Tensor, int, double)"/>
    public static Tensor GroupNorm(Tensor x, int groups, double epsilon = 1e-5) =>
        Tensor.GroupNorm(Given(x), groups, epsilon);

    /// <inheritdoc cref="Tensor.LayerNorm(Tensor, int, double)"/>
    public static Tensor LayerNorm(Tensor x, int axes = 1, double epsilon = 1e-5) =>
        Tensor.LayerNorm(Given(x), axes, epsilon);

    /// <inheritdoc cref="Tensor.MaxPool(Tensor, IReadOnlyList{int}, IReadOnlyList{int}, IReadOnlyList{int})"/>
    public static Tensor MaxPool(
        Tensor x,
        IReadOnlyList<int> size,
        IReadOnlyList<int>? stride = null,
        IReadOnlyList<int>? padding = null
    ) => Tensor.MaxPool(Given(x), Given(size), stride, padding);

    /// <inheritdoc cref="Tensor.OverlapAdd(Tensor, int, int, int, int)"/>
    public static Tensor OverlapAdd(Tensor windows, int axis, int extent, int stride = 1, int dilation = 1) =>
        Tensor.OverlapAdd(Given(windows), axis, extent, stride, dilation);

    /// <inheritdoc cref="Tensor.SpectralNorm(Tensor)"/>
    public static Tensor SpectralNorm(Tensor a) => Tensor.SpectralNorm(Given(a));

    /// <inheritdoc cref="Tensor.SpectralNorm(Tensor, Tensor, int)"/>
    public static (Tensor Norm, Tensor U) SpectralNorm(Tensor a, Tensor u, int steps = 1) =>
        Tensor.SpectralNorm(Given(a), Given(u), steps);

    /// <inheritdoc cref="Tensor.Windows(Tensor, int, int, int, int)"/>
    public static Tensor Windows(Tensor x, int axis, int size, int stride = 1, int dilation = 1) =>
        Tensor.Windows(Given(x), axis, size, stride, dilation);
}
