using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// Minimisers that have a closed form: the nearest point of a set, exact and differentiable in both modes and to any order wherever the
/// projection is. At its kinks the derivative is that of one side.
/// </summary>
public static class Projection
{
    /// <summary>The nearest point of the box lower ≤ x ≤ upper.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="lower">Broadcasts with x.</param>
    /// <param name="upper">Broadcasts with x, nowhere below the lower bound.</param>
    /// <returns>min(max(x, lower), upper).</returns>
    public static Tensor Box(Tensor x, Tensor lower, Tensor upper) => Tensor.Clamp(x, lower, upper);

    /// <summary>The nearest point of the simplex x ≥ 0, Σx = total: with a total of 1 it is sparsemax.</summary>
    /// <param name="x">[…, n]; every vector along the last axis for itself.</param>
    /// <param name="total">The sum, positive: a scalar, or one per vector.</param>
    /// <returns>max(x − τ, 0), […, n], with the τ for which it sums to the total.</returns>
    /// <exception cref="TensorException">
    /// x is a scalar, or the last axis has no elements, or the total is not positive (if it is computed, when its value is).
    /// </exception>
    /// <remarks>
    /// M. Held, P. Wolfe and H. P. Crowder, "Validation of subgradient optimization", Math. Program. 6 (1974): τ is the largest of
    /// (Σ_{i≤k} x₍ᵢ₎ − total)/k over the sorted elements. Derivative: A. Martins and R. Astudillo, "From softmax to sparsemax" (2016).
    /// </remarks>
    public static Tensor Simplex(Tensor x, Tensor total)
    {
        Throw.Unless(
            x.Rank > 0 && x.Shape[-1] > 0,
            "simplex",
            "the point must have a last axis with elements",
            $"{x.Type}"
        );
        total = new Sign("simplex", "the total must be positive", MayBeZero: false).Of(total, x.DType);
        Tensor sum = total.Rank == 0 ? total : Tensor.Unsqueeze(total, -1);
        // The projection moves along with a shift of all elements; this one keeps the sums small.
        x -= Tensor.StopGradient(Tensor.Max(x, keepDims: true, -1));
        Tensor sorted = Tensor.Sort(x, -1, descending: true);
        Tensor count = Tensor.Cast(Tensor.Iota(sorted.Shape, -1), x.DType) + 1.0;
        Tensor threshold = Tensor.Max((Tensor.Cumsum(sorted, -1) - sum) / count, keepDims: true, -1);
        // Not x > threshold, which leaves out a NaN.
        Tensor isPositive = Tensor.Not(x <= threshold);
        // The mask does not move: derivatives flow through this sum alone.
        Tensor members = Tensor.Sum(Tensor.Cast(isPositive, x.DType), keepDims: true, -1);
        Tensor tau = (Tensor.Sum(Tensor.Where(isPositive, x, 0.0), keepDims: true, -1) - sum) / members;
        return Tensor.Where(isPositive, x - tau, 0.0);
    }

    /// <summary>The nearest point of the simplex x ≥ 0, Σx = 1: sparsemax.</summary>
    /// <param name="x">[…, n]; every vector along the last axis for itself.</param>
    /// <returns>[…, n].</returns>
    /// <exception cref="TensorException">x is a scalar, or the last axis has no elements.</exception>
    public static Tensor Simplex(Tensor x) => Simplex(x, 1.0);

    /// <summary>The nearest point of the affine set A·x = b; if no x fulfils it, of the x with the least ‖A·x − b‖.</summary>
    /// <param name="x">[n].</param>
    /// <param name="a">A, [p, n]; rows may depend on each other.</param>
    /// <param name="b">b, [p].</param>
    /// <returns>x − A⁺(A·x − b), [n].</returns>
    /// <exception cref="TensorException">The extents do not agree.</exception>
    public static Tensor Affine(Tensor x, Tensor a, Tensor b) =>
        x - Tensor.MatMul(Tensor.Pinv(a), Tensor.MatMul(a, x) - b);

    /// <summary>The nearest point of the ball ‖x‖₂ ≤ radius.</summary>
    /// <param name="x">[…, n]; every vector along the last axis for itself.</param>
    /// <param name="radius">Not negative: a scalar, or one per vector.</param>
    /// <returns>x where it is inside, else x·radius/‖x‖.</returns>
    /// <exception cref="TensorException">x is a scalar, or the radius is negative (if it is computed, when its value is).</exception>
    public static Tensor Ball(Tensor x, Tensor radius)
    {
        Throw.Unless(x.Rank > 0, "ball", "the point must have a last axis", $"{x.Type}");
        radius = new Sign("ball", "the radius must not be negative", MayBeZero: true).Of(radius, x.DType);
        Tensor limit = radius.Rank == 0 ? radius : Tensor.Unsqueeze(radius, -1);
        // In units of its largest element no point is too long to be squared.
        Tensor largest = Tensor.StopGradient(Tensor.Unsqueeze(Tensor.MaxNorm(x, -1), -1));
        Tensor unit = Tensor.Where(largest > 0.0, largest, 1.0);
        Tensor point = x / unit;
        Tensor norm = Tensor.Norm(point, keepDims: true, -1);
        Tensor isOutside = norm > limit / unit;
        Tensor one = Tensor.OnesLike(norm);
        Tensor factor = Tensor.Where(isOutside, limit, one) / Tensor.Where(isOutside, norm, one);
        return Tensor.Where(isOutside, point * factor, x);
    }

    /// <summary>The minimiser of ½‖y − x‖² + amount·Σ|y|: every element drawn towards 0 by an amount, and to 0 if it is no larger.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="amount">Not negative; broadcasts with x.</param>
    /// <returns>sign(x)·max(|x| − amount, 0).</returns>
    /// <exception cref="TensorException">An amount is negative (if it is computed, when its value is).</exception>
    public static Tensor SoftThreshold(Tensor x, Tensor amount)
    {
        amount = new Sign("softThreshold", "the amount must not be negative", MayBeZero: true).Of(amount, x.DType);
        return x - Tensor.Clamp(x, -amount, amount);
    }

    /// <summary>What the size of a set must be.</summary>
    private sealed record Sign(string Op, string Rule, bool MayBeZero) : Requirement
    {
        /// <summary>A size, a plain number of the point's type checked at once and a computed one when its value is.</summary>
        public Tensor Of(Tensor size, DType dtype)
        {
            if (size.Op is not LiteralOp literal)
                return Tensor.Ensure(size, size, this);
            Verify([literal.Number], 0, 1);
            return size.As(new TensorType(dtype, Shape.Scalar));
        }

        public override void Verify(ReadOnlySpan<double> item, int number, int items) =>
            Throw.Unless(
                item[0] > 0.0 || (MayBeZero && item[0] == 0.0),
                Op,
                Rule,
                $"{item[0]}{FailureText.ForItem(number, items)}"
            );
    }
}
