using Implicit.Shapes;

namespace Implicit.Linear;

/// <summary>The sum of two operators; what both have, it has.</summary>
internal sealed class SumOperator : LinearOperator
{
    private readonly LinearOperator left;
    private readonly LinearOperator right;

    public SumOperator(LinearOperator left, LinearOperator right)
        : base(left.Input, left.Output, left.Properties & right.Properties)
    {
        Throw.Unless(
            left.Input == right.Input && left.Output == right.Output,
            "linearOperator",
            "operators that are added must have one type of argument and one of result",
            $"{left.Input} to {left.Output}, and {right.Input} to {right.Output}"
        );
        this.left = left;
        this.right = right;
    }

    public override LinearOperator T => new SumOperator(left.T, right.T);

    internal override bool StatesTranspose => left.StatesTranspose || right.StatesTranspose;

    internal override bool MayBeAffine => left.MayBeAffine || right.MayBeAffine;

    internal override Tensor Product(Tensor x) => left.Product(x) + right.Product(x);

    internal override Tensor TransposedProduct(Tensor w) => left.TransposedProduct(w) + right.TransposedProduct(w);

    internal override Tensor Matrix() => left.Matrix() + right.Matrix();
}
