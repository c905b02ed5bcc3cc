using System.Runtime.CompilerServices;

namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Arange(int)"/>
    public static Tensor Arange(int count) => Tensor.Arange(count);

    /// <inheritdoc cref="Tensor.Argsort(Tensor, int, bool)"/>
    public static Tensor Argsort(Tensor x, int axis = -1, bool descending = false) =>
        Tensor.Argsort(Given(x), axis, descending);

    /// <inheritdoc cref="Tensor.Concat(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Concat(IReadOnlyList<Tensor> parts, int axis = 0) => Tensor.Concat(Given(parts), axis);

    /// <inheritdoc cref="Tensor.Cumsum(Tensor, int)"/>
    public static Tensor Cumsum(Tensor x, int axis = 0) => Tensor.Cumsum(Given(x), axis);

    /// <inheritdoc cref="Tensor.Diag(Tensor, int)"/>
    public static Tensor Diag(Tensor x, int offset = 0) => Tensor.Diag(Given(x), offset);

    /// <inheritdoc cref="Tensor.Diagonal(Tensor, int)"/>
    public static Tensor Diagonal(Tensor x, int offset = 0) => Tensor.Diagonal(Given(x), offset);

    /// <inheritdoc cref="Tensor.Expand(Tensor, Shape)"/>
    public static Tensor Expand(Tensor x, Shape shape) => Tensor.Expand(Given(x), shape);

    /// <inheritdoc cref="Tensor.Eye(int, int?, DType)"/>
    public static Tensor Eye(int rows, int? columns = null, DType dtype = DType.Float64) =>
        Tensor.Eye(rows, columns, dtype);

    /// <inheritdoc cref="Tensor.Flip(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Flip(Tensor x, params ReadOnlySpan<int> axes) => Tensor.Flip(Given(x), axes);

    /// <inheritdoc cref="Tensor.Gather(Tensor, Tensor, int)"/>
    public static Tensor Gather(Tensor x, Tensor indices, int axis = 0) =>
        Tensor.Gather(Given(x), Given(indices), axis);

    /// <inheritdoc cref="Tensor.Index(Tensor, int, int)"/>
    public static Tensor Index(Tensor x, int axis, int place) => Tensor.Index(Given(x), axis, place);

    /// <inheritdoc cref="Tensor.Iota(Shape, int)"/>
    public static Tensor Iota(Shape shape, int axis = 0) => Tensor.Iota(shape, axis);

    /// <inheritdoc cref="Tensor.Meshgrid(ReadOnlySpan{Tensor})"/>
    public static Tensor[] Meshgrid(params ReadOnlySpan<Tensor> axes) => Tensor.Meshgrid(Given(axes));

    /// <inheritdoc cref="Tensor.MoveAxis(Tensor, int, int)"/>
    public static Tensor MoveAxis(Tensor x, int from, int to) => Tensor.MoveAxis(Given(x), from, to);

    /// <inheritdoc cref="Tensor.OneHot(Tensor, int, DType)"/>
    public static Tensor OneHot(Tensor indices, int count, DType dtype = DType.Float64) =>
        Tensor.OneHot(Given(indices), count, dtype);

    /// <inheritdoc cref="Tensor.Pad(Tensor, ReadOnlySpan{int}, ReadOnlySpan{int}, double)"/>
    public static Tensor Pad(Tensor x, ReadOnlySpan<int> before, ReadOnlySpan<int> after, double value = 0.0) =>
        Tensor.Pad(Given(x), before, after, value);

    /// <inheritdoc cref="Tensor.Permute(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Permute(Tensor x, params ReadOnlySpan<int> order) => Tensor.Permute(Given(x), order);

    /// <inheritdoc cref="Tensor.Repeat(Tensor, int, int)"/>
    public static Tensor Repeat(Tensor x, int times, int axis = 0) => Tensor.Repeat(Given(x), times, axis);

    /// <inheritdoc cref="Tensor.Reshape(Tensor, Shape)"/>
    public static Tensor Reshape(Tensor x, Shape shape) => Tensor.Reshape(Given(x), shape);

    /// <inheritdoc cref="Tensor.ReshapeFilling"/>
    [OverloadResolutionPriority(1)]
    public static Tensor Reshape(Tensor x, params ReadOnlySpan<int> extents) =>
        Tensor.ReshapeFilling(Given(x), extents);

    /// <inheritdoc cref="Tensor.Roll(Tensor, int, int)"/>
    public static Tensor Roll(Tensor x, int shift, int axis = 0) => Tensor.Roll(Given(x), shift, axis);

    /// <inheritdoc cref="Tensor.ScatterAdd(Tensor, Tensor, Tensor, int)"/>
    public static Tensor ScatterAdd(Tensor x, Tensor indices, Tensor values, int axis = 0) =>
        Tensor.ScatterAdd(Given(x), Given(indices), Given(values), axis);

    /// <inheritdoc cref="Tensor.ScatterAddAlongAxis(Tensor, Tensor, Tensor, int)"/>
    public static Tensor ScatterAddAlongAxis(Tensor x, Tensor indices, Tensor values, int axis = 0) =>
        Tensor.ScatterAddAlongAxis(Given(x), Given(indices), Given(values), axis);

    /// <inheritdoc cref="Tensor.Slice(Tensor, int, int?, int?, int)"/>
    public static Tensor Slice(Tensor x, int axis, int? start = null, int? stop = null, int step = 1) =>
        Tensor.Slice(Given(x), axis, start, stop, step);

    /// <inheritdoc cref="Tensor.Sort(Tensor, int, bool)"/>
    public static Tensor Sort(Tensor x, int axis = -1, bool descending = false) =>
        Tensor.Sort(Given(x), axis, descending);

    /// <inheritdoc cref="Tensor.Split(Tensor, int, int)"/>
    public static Tensor[] Split(Tensor x, int parts, int axis = 0) => Tensor.Split(Given(x), parts, axis);

    /// <inheritdoc cref="Tensor.Split(Tensor, int[], int)"/>
    public static Tensor[] Split(Tensor x, int[] sizes, int axis = 0) => Tensor.Split(Given(x), Given(sizes), axis);

    /// <inheritdoc cref="Tensor.Squeeze(Tensor, int)"/>
    public static Tensor Squeeze(Tensor x, int axis) => Tensor.Squeeze(Given(x), axis);

    /// <inheritdoc cref="Tensor.Stack(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Stack(IReadOnlyList<Tensor> items, int axis = 0) => Tensor.Stack(Given(items), axis);

    /// <inheritdoc cref="Tensor.TakeAlongAxis(Tensor, Tensor, int)"/>
    public static Tensor TakeAlongAxis(Tensor x, Tensor indices, int axis = 0) =>
        Tensor.TakeAlongAxis(Given(x), Given(indices), axis);

    /// <inheritdoc cref="Tensor.Tile(Tensor, ReadOnlySpan{int})"/>
    public static Tensor Tile(Tensor x, params ReadOnlySpan<int> times) => Tensor.Tile(Given(x), times);

    /// <inheritdoc cref="Tensor.Transpose(Tensor, int, int)"/>
    public static Tensor Transpose(Tensor x, int first = -2, int second = -1) =>
        Tensor.Transpose(Given(x), first, second);

    /// <inheritdoc cref="Tensor.Tril(Tensor, int)"/>
    public static Tensor Tril(Tensor x, int offset = 0) => Tensor.Tril(Given(x), offset);

    /// <inheritdoc cref="Tensor.Triu(Tensor, int)"/>
    public static Tensor Triu(Tensor x, int offset = 0) => Tensor.Triu(Given(x), offset);

    /// <inheritdoc cref="Tensor.Unsqueeze(Tensor, int)"/>
    public static Tensor Unsqueeze(Tensor x, int axis) => Tensor.Unsqueeze(Given(x), axis);

    /// <inheritdoc cref="Tensor.Unstack(Tensor, int)"/>
    public static Tensor[] Unstack(Tensor x, int axis = 0) => Tensor.Unstack(Given(x), axis);

    /// <inheritdoc cref="Tensor.TopK(Tensor, int)"/>
    public static (Tensor Values, Tensor Places) TopK(Tensor x, int k) => Tensor.TopK(Given(x), k);
}
