using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>The largest or smallest element along axes. Those that tie share the derivative equally.</summary>
internal abstract record ExtremumOp(ValueArray<int> Along) : ReductionOp(Along)
{
    public sealed override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
    {
        Tensor x = result.Inputs[0];
        Tensor isChosen = IsChosen(result);
        Tensor share = Unreduced(cotangent / Count(isChosen, x.DType), x.Shape);
        return [Tensor.Where(isChosen, share, 0.0)];
    }

    public sealed override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor isChosen = IsChosen(result);
        Tensor total = Tensor.Sum(Tensor.Where(isChosen, tangents[0]!, 0.0), Along.Span);
        return total / Count(isChosen, result.DType);
    }

    /// <summary>NaN is chosen over everything, and equal to nothing.</summary>
    private Tensor IsChosen(Tensor result)
    {
        Tensor x = result.Inputs[0];
        return Tensor.Equal(x, Unreduced(result, x.Shape)) | Tensor.IsNaN(x);
    }

    private Tensor Count(Tensor isChosen, DType dtype) => Tensor.Sum(Tensor.Cast(isChosen, dtype), Along.Span);
}
