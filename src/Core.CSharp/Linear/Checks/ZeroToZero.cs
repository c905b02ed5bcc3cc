using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Linear;

/// <summary>A function that is used as a linear operator maps zero to zero. (NaN is left to be found where it matters.)</summary>
internal sealed record ZeroToZero : Requirement
{
    private static readonly ZeroToZero Instance = new();

    public override int ItemRank => 1;

    /// <summary>A value that is computed with the operator, once the image of zero was seen to be zero.</summary>
    public static Tensor Guard(LinearOperator a, Tensor value)
    {
        if (!a.MayBeAffine)
            return value;
        Tensor image = a.Product(Tensor.Zeros(a.Input.Shape, a.Input.DType));
        return Tensor.Ensure(value, Tensor.Reshape(image, [image.Length]), Instance);
    }

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        foreach (double element in item)
            if (element is not (0.0 or double.NaN))
                Throw.Error(
                    "linearSolve",
                    "the operator must be linear: it must map zero to zero",
                    $"one that does not{FailureText.ForItem(number, items)}"
                );
    }
}
