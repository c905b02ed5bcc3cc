using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>What operations on matrices in the last two axes share: their checks, and how they emit dense kernels.</summary>
internal static class Matrices
{
    /// <summary>Checks for floating-point matrices in the last two axes.</summary>
    public static void RequireMatrix(string op, TensorType type) =>
        Throw.Unless(
            type.Shape.Rank >= 2 && type.DType.IsFloat,
            op,
            "the operand must be a floating-point matrix, or a batch of them",
            $"{type}"
        );

    /// <summary>Checks for square floating-point matrices in the last two axes.</summary>
    public static void RequireSquare(string op, TensorType type)
    {
        RequireMatrix(op, type);
        Throw.Unless(type.Shape[-1] == type.Shape[-2], op, "the matrix must be square", $"{type}");
    }

    /// <summary>Checks that the right side of a system has the element type and the number of rows of the matrix.</summary>
    public static void RequireRightSide(string op, TensorType matrix, TensorType right)
    {
        TensorType.RequireOneDType(op, matrix, right);
        Throw.Unless(
            right.Shape.Rank >= 2 && right.Shape[-2] == matrix.Shape[-2],
            op,
            "the right side must be a vector or a matrix with as many rows as the matrix",
            $"matrix {matrix} and right side {right}"
        );
    }

    /// <summary>The type of X with A·X = B; the batches of A and B broadcast.</summary>
    public static TensorType Solution(string op, TensorType matrix, TensorType right)
    {
        RequireSquare(op, matrix);
        RequireRightSide(op, matrix, right);
        Shape batch = Broadcasting.Join(op, Batch(matrix.Shape), Batch(right.Shape));
        return new TensorType(right.DType, batch.Concat(right.Shape.Skip(right.Shape.Rank - 2)));
    }

    /// <summary>
    /// Inputs of a batching rule whose items broadcast: those with a batch axis get the axes between it and their own that other
    /// items have more of.
    /// </summary>
    /// <param name="inputs">Batches, or single items.</param>
    /// <param name="batched">Which are batches.</param>
    /// <param name="own">How many axes of each input are not broadcast.</param>
    public static Tensor[] AlignRanks(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, ReadOnlySpan<int> own)
    {
        int common = 0;
        for (int i = 0; i < inputs.Length; i++)
            common = Math.Max(common, inputs[i].Rank - (batched[i] ? 1 : 0) - own[i]);
        var aligned = new Tensor[inputs.Length];
        for (int i = 0; i < aligned.Length; i++)
            aligned[i] = batched[i] ? Batching.PadRank(inputs[i], common + own[i]) : inputs[i];
        return aligned;
    }

    /// <summary>The distance from 1 to the next number of an element type.</summary>
    public static double Rounding(DType dtype) =>
        dtype == DType.Float32 ? Precision.Of<float>() : Precision.Of<double>();

    /// <summary>The axes in front of the matrix.</summary>
    public static Shape Batch(Shape shape) => shape.Take(shape.Rank - 2);

    /// <summary>The view with its last two axes exchanged.</summary>
    public static View Transposed(View matrix)
    {
        int[] strides = matrix.Map.Strides.ToArray();
        int[] extents = matrix.Shape.ToArray();
        Array.Reverse(strides, strides.Length - 2, 2);
        Array.Reverse(extents, extents.Length - 2, 2);
        return matrix with { Shape = extents, Map = matrix.Map with { Strides = new ValueArray<int>(strides) } };
    }

    extension(IEmitter emitter)
    {
        /// <summary>
        /// A dense kernel on each matrix of the batch, with the error that is raised when an item fails. Inputs broadcast to the batch; outputs are new.
        /// </summary>
        public View[] Factorise(
            Factorisation kind,
            Shape batch,
            (int M, int N) extents,
            FactoriseError? error,
            ReadOnlySpan<View> inputs,
            params ReadOnlySpan<TensorType> outputs
        )
        {
            var reads = new Operand[inputs.Length];
            for (int i = 0; i < reads.Length; i++)
                reads[i] = emitter.Repeated(inputs[i], batch).Operand;
            var results = new View[outputs.Length];
            for (int i = 0; i < results.Length; i++)
                results[i] = emitter.Fresh(outputs[i].DType, outputs[i].Shape);
            var writes = Array.ConvertAll(results, result => result.Operand);
            emitter.Emit(
                new Factorise(
                    kind,
                    batch.Length,
                    extents.M,
                    extents.N,
                    new ValueArray<Operand>(reads),
                    new ValueArray<Operand>(writes)
                )
                {
                    Error = error,
                }
            );
            return results;
        }

        /// <summary>X with T·X = B, for triangular T.</summary>
        public View SolveTriangular(
            Factorisation kind,
            View matrix,
            View right,
            TensorType result,
            FactoriseError? error = null
        )
        {
            (int, int) extents = (result.Shape[-2], result.Shape[-1]);
            return emitter.Factorise(kind, Batch(result.Shape), extents, error, [matrix, right], result)[0];
        }

        /// <summary>The same matrices with ones on the diagonal.</summary>
        public View UnitDiagonal(View matrix)
        {
            var element = new Scalar.Input(0, matrix.DType);
            return emitter.Map(
                new TensorType(matrix.DType, matrix.Shape),
                new Scalar.Select(IsDiagonal(matrix.Shape.Rank), element.Number(1.0), element),
                matrix
            );
        }

        /// <summary>The matrices, repeated to a batch, without gaps.</summary>
        private View Repeated(View matrix, Shape batch)
        {
            Shape shape = batch.Concat(matrix.Shape.Skip(matrix.Shape.Rank - 2));
            return emitter.Contiguous(matrix with { Shape = shape, Map = matrix.Over(shape).Map });
        }
    }

    /// <summary>Whether the current point of a domain lies on the diagonal of its last two axes.</summary>
    public static Scalar IsDiagonal(int rank) =>
        new Scalar.Binary(BinaryIntrinsic.Equal, new Scalar.Index(rank - 2), new Scalar.Index(rank - 1));
}
