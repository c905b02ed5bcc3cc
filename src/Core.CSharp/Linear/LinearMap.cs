using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Linear;

/// <summary>A closed linear map of vectors with its transpose, which is found by differentiation unless it is given.</summary>
/// <param name="Product">(x, θ) → A(θ)·x, linear in x.</param>
/// <param name="Given">(w, θ) → A(θ)ᵀ·w, or null.</param>
internal sealed record LinearMap(Function Product, Function? Given = null)
{
    /// <summary>The transposed map.</summary>
    public LinearMap Transposed => new(Given ?? Transpose(Product), Product);

    /// <summary>The transpose of a linear map is its VJP, which does not depend on the point.</summary>
    private static Function Transpose(Function linear)
    {
        Function vjp = linear.VjpOfFirst();
        TensorType[] types = [linear.Results[0].Type, .. linear.ArgumentTypes[1..]];
        return Function.TraceClosed(
            "linearSolve",
            types,
            all => vjp.Apply([Tensor.ZerosLike(linear.Arguments[0]), .. all[1..], all[0]])
        );
    }
}
