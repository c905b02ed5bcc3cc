using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The determinant of square matrices, by LU factorisation: 0 where elimination leaves no pivot.</summary>
    /// <param name="a">[…, n, n].</param>
    /// <returns>[…].</returns>
    /// <exception cref="TensorException">
    /// The matrix is not square, or (when a value is computed) an item is not finite, or its derivative is asked for where it is singular.
    /// </exception>
    /// <remarks>
    /// ḋ = d·tr(A⁻¹Ȧ), Ā = d̄·d·A⁻ᵀ: M. Giles, "An extended collection of matrix derivative results" (2008), section 2.2.4.
    /// </remarks>
    public static Tensor Det(Tensor a) => DeterminantOf("det", a, Determinant.Value);

    /// <summary>The natural logarithm of positive determinants; it neither overflows nor underflows.</summary>
    /// <param name="a">[…, n, n].</param>
    /// <returns>[…].</returns>
    /// <exception cref="TensorException">
    /// The matrix is not square, or (when the value is computed) a determinant is not positive (see <see cref="SlogDet"/>).
    /// </exception>
    public static Tensor LogDet(Tensor a)
    {
        (Tensor sign, Tensor logarithm) = SignAndLogarithm("logdet", a);
        return Ensure(logarithm, sign, new PositiveDeterminant());
    }

    /// <summary>The sign of determinants, and the natural logarithm of their absolute value.</summary>
    /// <param name="a">[…, n, n].</param>
    /// <returns>The sign, −1 or 1, […]; and ln |det A|, […]. Of a singular matrix 0 and −∞.</returns>
    /// <exception cref="TensorException">
    /// The matrix is not square, or (when a value is computed) an item is not finite, or its derivative is asked for where it is singular.
    /// </exception>
    public static (Tensor Sign, Tensor LogAbs) SlogDet(Tensor a) => SignAndLogarithm("slogdet", a);

    private static (Tensor Sign, Tensor LogAbs) SignAndLogarithm(string name, Tensor a)
    {
        Matrices.RequireSquare(name, a.Type);
        Tensor[] factors = Factored(a);
        return (
            Apply(new DeterminantOp(Determinant.Sign), factors),
            Apply(new DeterminantOp(Determinant.LogAbs), factors)
        );
    }

    private static Tensor DeterminantOf(string name, Tensor a, Determinant part)
    {
        Matrices.RequireSquare(name, a.Type);
        return Apply(new DeterminantOp(part), Factored(a));
    }

    private enum Determinant
    {
        Value,
        Sign,
        LogAbs,
    }

    /// <summary>What the factors tell of the determinant. The inputs are A, the packed factors and the permutation.</summary>
    private sealed record DeterminantOp(Determinant Part) : Op
    {
        public override string Name => "det";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) =>
            new(inputs[0].DType, Matrices.Batch(inputs[0].Shape));

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            if (Part == Determinant.Sign)
                return [null, null, null];
            Tensor weight = Part == Determinant.Value ? cotangent * result : cotangent;
            Tensor identity = Eye(result.Inputs[0].Shape[-1], dtype: result.DType);
            Tensor inverse = Apply(new SolveOp(IsTransposed: true), [.. result.Inputs, identity]);
            return [Unsqueeze(Unsqueeze(weight, -1), -1) * inverse, null, null];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
        {
            if (Part == Determinant.Sign)
                return ZerosLike(result);
            Tensor trace = Trace(Apply(new SolveOp(IsTransposed: false), [.. result.Inputs, tangents[0]!]));
            return Part == Determinant.Value ? result * trace : trace;
        }

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs.ToArray());

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            int n = inputs[1].Shape[-1];
            Operand pivots = Pivots(inputs[1], n);
            var pivot = new Scalar.Input(0, result.DType);
            Shape domain = result.Shape.Concat(Part == Determinant.LogAbs ? [n] : [n, n]);
            Kernel kernel =
                Part == Determinant.LogAbs
                    ? new Reduce(domain, result.Shape.Rank, Reduction.Sum, LogAbs(pivot), [pivots], output.Operand)
                    : new Reduce(
                        domain,
                        result.Shape.Rank,
                        Reduction.Product,
                        Factor(Part == Determinant.Sign ? pivot.Apply(UnaryIntrinsic.Sign) : pivot, domain.Rank),
                        [Spread(pivots, inactive: 1), Rows(inputs[2]), Columns(inputs[2])],
                        output.Operand
                    );
            emitter.Emit(kernel);
            return output;
        }

        private static Scalar LogAbs(Scalar pivot) => pivot.Apply(UnaryIntrinsic.Abs).Apply(UnaryIntrinsic.Log);

        /// <summary>
        /// At (i, j): pivot i on the diagonal, −1 for a pair of rows that stand in the wrong order, else 1. The product over all is
        /// the determinant, for a permutation is even when its inversions are even in number.
        /// </summary>
        private static Scalar.Select Factor(Scalar pivot, int rank)
        {
            var above = new Scalar.Binary(BinaryIntrinsic.Less, new Scalar.Index(rank - 2), new Scalar.Index(rank - 1));
            var exchanged = new Scalar.Binary(
                BinaryIntrinsic.Greater,
                new Scalar.Input(1, DType.Int64),
                new Scalar.Input(2, DType.Int64)
            );
            return new Scalar.Select(
                Matrices.IsDiagonal(rank),
                pivot,
                new Scalar.Select(
                    new Scalar.Binary(BinaryIntrinsic.And, above, exchanged),
                    pivot.Number(-1.0),
                    pivot.Number(1.0)
                )
            );
        }

        private static Operand Pivots(View packed, int n)
        {
            int[] strides = [.. packed.Map.Strides.Span];
            int[] along = [.. strides.AsSpan(0, strides.Length - 2), n == 0 ? 0 : strides[^2] + strides[^1]];
            return new Operand(packed.Slot, packed.Map with { Strides = new ValueArray<int>(along) });
        }

        private static Operand Rows(View order) => Spread(order.Operand, inactive: 1);

        private static Operand Columns(View order) => Spread(order.Operand, inactive: 0);

        /// <summary>A vector seen at the points (i, j): by i when the second axis is inactive, by j when the first is.</summary>
        private static Operand Spread(Operand vector, int inactive)
        {
            ReadOnlySpan<int> strides = vector.Map.Strides.Span;
            int[] spread = inactive == 1 ? [.. strides, 0] : [.. strides[..^1], 0, strides[^1]];
            return vector with { Map = vector.Map with { Strides = new ValueArray<int>(spread) } };
        }
    }

    private sealed record PositiveDeterminant : Requirement
    {
        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            if (item[0] <= 0.0)
                Throw.Failure(
                    "logdet",
                    "the determinant must be positive (use slogdet)",
                    (item[0] < 0.0 ? "a negative one" : "zero") + FailureText.ForItem(number, items)
                );
        }
    }
}
