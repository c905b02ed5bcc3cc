using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>No column is a combination of those before it: of none does rounding make up what R has on the diagonal.</summary>
    /// <param name="Rounding">What rounding leaves of a column, beside its largest element.</param>
    /// <param name="Title">What asks for it, in front of the message.</param>
    private sealed record IndependentColumns(double Rounding, string Title) : Requirement
    {
        public override int ItemRank => 1;

        /// <summary>The R of A's QR factorisation, once that was seen.</summary>
        public static Tensor Where(Tensor a, Tensor r, string title)
        {
            if (a.Length == 0)
                return r;
            Tensor left = Abs(Diagonal(r)) / MaxNorm(a, -2);
            return Ensure(r, left, new IndependentColumns(a.Shape[-2] * Matrices.Rounding(a.DType), title));
        }

        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            for (int i = 0; i < item.Length; i++)
                if (!(item[i] > Rounding))
                    throw new TensorException(
                        $"{Title}the columns of the matrix must be independent, and finite (pinv gives the solution of least norm). "
                            + $"Received {FailureText.Item("a matrix", number, items)} whose column {i} is not."
                    )
                    {
                        IsFailure = true,
                    };
        }
    }
}
