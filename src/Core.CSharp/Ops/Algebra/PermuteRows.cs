using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Ops
{
    internal static class RowOrder
    {
        extension(IEmitter emitter)
        {
            /// <summary>Row i of the result is row order[i] of the matrix; batches broadcast to that of the result.</summary>
            public View PermuteRows(View matrix, View order, TensorType result)
            {
                View output = emitter.Fresh(result.DType, result.Shape);
                emitter.Emit(
                    new Gather(
                        result.Shape,
                        WithoutRows(matrix.Over(result.Shape)),
                        OfRows(order, result.Shape),
                        matrix.Map.Strides[matrix.Shape.Rank - 2],
                        result.Shape[-2],
                        output.Operand
                    )
                );
                return output;
            }

            /// <summary>The inverse: row order[i] of the result is row i of the matrix.</summary>
            public View PermuteRowsBack(View matrix, View order, TensorType result)
            {
                View output = emitter.Fresh(result.DType, result.Shape);
                emitter.Emit(
                    new ScatterAdd(
                        result.Shape,
                        matrix.Over(result.Shape),
                        OfRows(order, result.Shape),
                        result.Shape[-1],
                        result.Shape[-2],
                        WithoutRows(output.Operand),
                        result.Shape.Length
                    )
                );
                return output;
            }
        }

        /// <summary>The order of the rows, seen at each element of the matrices.</summary>
        private static Operand OfRows(View order, Shape domain)
        {
            View column = order with
            {
                Shape = order.Shape.Concat([1]),
                Map = order.Map with { Strides = [.. order.Map.Strides.Span, 0] },
            };
            return column.Over(domain);
        }

        private static Operand WithoutRows(Operand matrix)
        {
            int[] strides = matrix.Map.Strides.ToArray();
            strides[^2] = 0;
            return matrix with { Map = matrix.Map with { Strides = new ValueArray<int>(strides) } };
        }
    }
}

namespace Implicit
{
    public sealed partial class Tensor
    {
        /// <summary>Rows of matrices in the order of a permutation, or back.</summary>
        private static Tensor PermuteRows(Tensor x, Tensor order, bool back = false) =>
            Apply(new PermuteRowsOp(back), x, order);

        private sealed record PermuteRowsOp(bool Back) : Op
        {
            public override string Name => "permuteRows";

            public override int? Degree(ReadOnlySpan<int> inputs) => inputs[1] == 0 ? inputs[0] : null;

            public override TensorType Infer(ReadOnlySpan<TensorType> inputs) =>
                inputs[0] with
                {
                    Shape = Broadcasting
                        .Join(Name, Matrices.Batch(inputs[0].Shape), inputs[1].Shape.Take(inputs[1].Shape.Rank - 1))
                        .Concat(inputs[0].Shape.Skip(inputs[0].Shape.Rank - 2)),
                };

            public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
                [SumTo(PermuteRows(cotangent, result.Inputs[1], !Back), result.Inputs[0].Shape), null];

            public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
                PermuteRows(tangents[0]!, result.Inputs[1], Back);

            public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
            {
                Tensor[] aligned = Matrices.AlignRanks(inputs, batched, [2, 1]);
                return Apply(this, aligned);
            }

            public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
                Back
                    ? emitter.PermuteRowsBack(inputs[0], inputs[1], result)
                    : emitter.PermuteRows(inputs[0], inputs[1], result);
        }
    }
}
