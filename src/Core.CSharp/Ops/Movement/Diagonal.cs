using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>A diagonal of matrices.</summary>
    /// <param name="x">[…, n, m].</param>
    /// <param name="offset">0 is the main diagonal, positive lies above it, negative below.</param>
    /// <returns>[…, k]; k = 0 if the diagonal lies outside.</returns>
    public static Tensor Diagonal(Tensor x, int offset = 0)
    {
        Throw.Unless(x.Rank >= 2, "diagonal", "the tensor must have at least two axes", $"{x.Type}");
        int rows = x.Shape[^2];
        int columns = x.Shape[^1];
        int count = Math.Max(0, offset >= 0 ? Math.Min(rows, columns - offset) : Math.Min(rows + offset, columns));
        Tensor flat = Reshape(x, x.Shape.Take(x.Rank - 2).Concat([rows * columns]));
        int start = count == 0 ? 0 : DiagonalStart(offset, columns);
        return Strided(
            flat,
            [.. new int[flat.Rank - 1], start],
            [.. Ones(flat.Rank - 1), columns + 1],
            flat.Shape.With(flat.Rank - 1, count)
        );
    }

    /// <summary>Square matrices with a given diagonal and zeros elsewhere.</summary>
    /// <param name="x">[…, k].</param>
    /// <param name="offset">0 is the main diagonal, positive lies above it, negative below.</param>
    /// <returns>[…, k + |offset|, k + |offset|].</returns>
    public static Tensor Diag(Tensor x, int offset = 0)
    {
        Throw.Unless(x.Rank >= 1, "diag", "the tensor must have at least one axis", $"{x.Type}");
        int n = x.Shape[^1] + Math.Abs(offset);
        return OnDiagonal(x, n, n, offset);
    }

    /// <summary>Ones on the main diagonal, zeros elsewhere.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns; as many as rows if left out.</param>
    /// <param name="dtype">The element type.</param>
    public static Tensor Eye(int rows, int? columns = null, DType dtype = DType.Float64) =>
        OnDiagonal(Ones([Math.Min(rows, columns ?? rows)], dtype), rows, columns ?? rows, offset: 0);

    /// <summary>The lower triangle of matrices, zeros above.</summary>
    /// <param name="x">[…, n, m].</param>
    /// <param name="offset">The last diagonal that is kept: 0 is the main one, positive lies above it.</param>
    public static Tensor Tril(Tensor x, int offset = 0) => Apply(new TriangleOp(IsLower: true, offset), x);

    /// <summary>The upper triangle of matrices, zeros below.</summary>
    /// <param name="x">[…, n, m].</param>
    /// <param name="offset">The first diagonal that is kept: 0 is the main one, positive lies above it.</param>
    public static Tensor Triu(Tensor x, int offset = 0) => Apply(new TriangleOp(IsLower: false, offset), x);

    private static Tensor OnDiagonal(Tensor x, int rows, int columns, int offset)
    {
        Shape batch = x.Shape.Take(x.Rank - 1);
        Shape result = batch.Concat([rows, columns]);
        Tensor flat = Place(
            x,
            [.. new int[batch.Rank], x.Shape[^1] == 0 ? 0 : DiagonalStart(offset, columns)],
            [.. Ones(batch.Rank), columns + 1],
            batch.Concat([rows * columns])
        );
        return Reshape(flat, result);
    }

    /// <summary>Where a diagonal starts in the row-major elements.</summary>
    private static int DiagonalStart(int offset, int columns) => offset >= 0 ? offset : -offset * columns;

    private sealed record TriangleOp(bool IsLower, int Offset) : LinearOp
    {
        public override string Name => IsLower ? "tril" : "triu";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            Throw.Unless(inputs[0].Shape.Rank >= 2, Name, "the tensor must have at least two axes", $"{inputs[0]}");
            return inputs[0];
        }

        public override Tensor Transpose(Tensor cotangent, TensorType input) => Apply(this, cotangent);

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            var row = new Scalar.Index(result.Shape.Rank - 2);
            var column = new Scalar.Index(result.Shape.Rank - 1);
            var kept = new Scalar.Binary(
                IsLower ? BinaryIntrinsic.LessOrEqual : BinaryIntrinsic.GreaterOrEqual,
                column,
                row + row.Number(Offset)
            );
            var element = new Scalar.Input(0, result.DType);
            return emitter.Map(result, new Scalar.Select(kept, element, element.Number(0.0)), inputs[0]);
        }
    }
}
