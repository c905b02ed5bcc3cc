using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Linear;

/// <summary>A closed linear map of vectors with its transpose, which is found by differentiation unless it is given.</summary>
/// <param name="Product">(x, θ) → A(θ)·x, linear in x.</param>
/// <param name="Given">(w, θ) → A(θ)ᵀ·w, or null.</param>
internal sealed record LinearMap(Function Product, Function? Given = null)
{
    /// <summary>The number of elements of an image.</summary>
    public int Equations => Product.Results[0].Length;

    /// <summary>The number of elements of an argument.</summary>
    public int Unknowns => Product.Arguments[0].Length;

    /// <summary>The transposed map.</summary>
    public LinearMap Transposed => new(Given ?? Transpose(Product), Product);

    /// <summary>The map of the vectors of several items, each by itself.</summary>
    public LinearMap Over(ItemAxis items, int size) =>
        new(items.Map(Product, 1, size), Given is null ? null : items.Map(Given, 1, size));

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
