namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.All(Tensor, ReadOnlySpan{int})"/>
    public static Tensor All(Tensor x, params ReadOnlySpan<int> axes) => Tensor.All(Given(x), axes);

    /// <inheritdoc cref="Tensor.Any(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Any(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Any(Given(x), axes);

    /// <inheritdoc cref="Tensor.Argmax(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Argmax(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Argmax(Given(x), axes);

    /// <inheritdoc cref="Tensor.Argmin(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Argmin(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Argmin(Given(x), axes);

    /// <inheritdoc cref="Tensor.CrossEntropy(Tensor, Tensor)"/>
    public static Tensor CrossEntropy(Tensor logits, Tensor classes) =>
        Tensor.CrossEntropy(Given(logits), Given(classes));

    /// <inheritdoc cref="Tensor.LogSoftmax(Tensor, int)"/>
    public static Tensor LogSoftmax(Tensor x, int axis = -1) => Tensor.LogSoftmax(Given(x), axis);

    /// <inheritdoc cref="Tensor.LogSumExp(Tensor, ReadOnlySpan{int})"/>
    public static Tensor LogSumExp(Tensor x, params ReadOnlySpan<int> axes) => Tensor.LogSumExp(Given(x), axes);

    /// <inheritdoc cref="Tensor.LogSumExp(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor LogSumExp(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.LogSumExp(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.Max(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Max(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Max(Given(x), axes);

    /// <inheritdoc cref="Tensor.Max(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor Max(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.Max(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.MaxNorm(Tensor, ReadOnlySpan{int})"/>
    public static Tensor MaxNorm(Tensor x, params ReadOnlySpan<int> axes) => Tensor.MaxNorm(Given(x), axes);

    /// <inheritdoc cref="Tensor.Mean(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Mean(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Mean(Given(x), axes);

    /// <inheritdoc cref="Tensor.Mean(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor Mean(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.Mean(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.Min(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Min(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Min(Given(x), axes);

    /// <inheritdoc cref="Tensor.Min(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor Min(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.Min(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.Norm(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Norm(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Norm(Given(x), axes);

    /// <inheritdoc cref="Tensor.Norm(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor Norm(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.Norm(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.Prod(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Prod(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Prod(Given(x), axes);

    /// <inheritdoc cref="Tensor.Prod(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor Prod(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.Prod(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.Softmax(Tensor, int)"/>
    public static Tensor Softmax(Tensor x, int axis = -1) => Tensor.Softmax(Given(x), axis);

    /// <inheritdoc cref="Tensor.StandardDeviation(Tensor, ReadOnlySpan{int})"/>
    public static Tensor StandardDeviation(Tensor x, params ReadOnlySpan<int> axes) =>
        Tensor.StandardDeviation(Given(x), axes);

    /// <inheritdoc cref="Tensor.StandardDeviation(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor StandardDeviation(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.StandardDeviation(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.Sum(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Sum(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Sum(Given(x), axes);

    /// <inheritdoc cref="Tensor.Sum(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor Sum(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.Sum(Given(x), keepDims, axes);

    /// <inheritdoc cref="Tensor.SumNorm(Tensor, ReadOnlySpan{int})"/>
    public static Tensor SumNorm(Tensor x, params ReadOnlySpan<int> axes) => Tensor.SumNorm(Given(x), axes);

    /// <inheritdoc cref="Tensor.Sumsq(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Sumsq(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Sumsq(Given(x), axes);

    /// <inheritdoc cref="Tensor.Variance(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Variance(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Variance(Given(x), axes);

    /// <inheritdoc cref="Tensor.Variance(Tensor, bool, ReadOnlySpan{int})"/>
    public static Tensor Variance(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Tensor.Variance(Given(x), keepDims, axes);
}
