using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Linear;

/// <summary>
/// A solution by factors solves the system of the operator itself. It does not where a function is not linear, or a matrix not what it was said
/// to be: factors are made of the images of unit vectors, and of the part of a matrix that its properties leave.
/// </summary>
/// <param name="Title">What the system is of.</param>
internal sealed record AsClaimed(string Title) : Requirement
{
    public override int ItemRank => 1;

    /// <summary>x, once it was seen to solve the system.</summary>
    public static Tensor Of(Tensor x, LinearOperator a, Tensor b, LinearSolver method) =>
        IsInDoubt(a, method) ? Tensor.Ensure(x, Excess(x, a, b, method), new AsClaimed(a.Title)) : x;

    /// <summary>For each right-hand side a number that is more than 0 if x does not solve the system, beyond all rounding: [k].</summary>
    public static Tensor Excess(Tensor x, LinearOperator a, Tensor b, LinearSolver method)
    {
        if (!IsInDoubt(a, method))
            return Tensor.Zeros([b.Type == a.Output ? 1 : b.Shape[1]], b.DType);
        Tensor matrix = a.Matrix();
        Tensor unknowns = a.Columns(x, b);
        // What least squares leave of b is no mistake: there the matrix is held against the function.
        Tensor expected =
            method is LinearSolver.Direct && a.IsSquare ? a.Columns(b, b) : Tensor.MatMul(matrix, unknowns);
        Tensor wrong = Tensor.ScaledNorm(a.Columns(a.Apply(x), b) - expected, 0);
        // By itself ‖A‖·‖x‖ may overflow or vanish; divided by what is wrong it does so only where there is no doubt.
        Tensor unit = Tensor.Where(wrong > 0.0, wrong, 1.0);
        Tensor scale =
            (Tensor.ScaledNorm(matrix) * (Tensor.ScaledNorm(unknowns, 0) / unit))
            + (Tensor.ScaledNorm(expected, 0) / unit);
        return (wrong / unit) - (scale * Math.Sqrt(Matrices.Rounding(b.DType)));
    }

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        foreach (double excess in item)
            if (!(excess <= 0.0))
                throw new SolveException(
                    $"[{Title}] {LinearReport.Direct(LinearStatus.NotAsClaimed, double.NaN).Message}{FailureText.ForItem(number, items)}"
                );
    }

    private static bool IsInDoubt(LinearOperator a, LinearSolver method) =>
        a.MayBeAffine
        || (
            method is LinearSolver.Direct
            && a.Properties != OperatorProperties.None
            && a is not (DiagonalOperator or TriangularOperator)
        );
}
