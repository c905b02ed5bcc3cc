using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The Moore–Penrose pseudoinverse, by singular value decomposition.</summary>
    /// <param name="a">[…, m, n]. Singular values below max(m, n)·ε of the largest count as zero.</param>
    /// <returns>A⁺, […, n, m].</returns>
    /// <exception cref="TensorException">The operand is not a floating-point matrix.</exception>
    /// <remarks>
    /// The derivative is that along matrices of the same rank, with P = A⁺: Ṗ = −PȦP + PPᵀȦᵀ(I − AP) + (I − PA)ȦᵀPᵀP: G. Golub and
    /// V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate", SIAM
    /// J. Numer. Anal. 10 (1973), equation 4.12.
    /// </remarks>
    public static Tensor Pinv(Tensor a) => Apply(PinvOp.Instance, a);

    /// <summary>The same, with the error that is raised when the decomposition fails.</summary>
    internal static Tensor Pinv(Tensor a, FactoriseError error) => Apply(new PinvOp { Error = error }, a);

    private sealed record PinvOp : Op
    {
        public static readonly PinvOp Instance = new();

        /// <summary>What is raised when the decomposition fails; its own error if null.</summary>
        public FactoriseError? Error { get; init; }

        public override string Name => "pinv";

        public override bool IsCostly => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            Matrices.RequireMatrix(Name, inputs[0]);
            Shape shape = inputs[0].Shape;
            return inputs[0] with { Shape = Matrices.Batch(shape).Concat([shape[-1], shape[-2]]) };
        }

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            (Tensor a, Tensor p, Tensor turned) = (result.Inputs[0], result, cotangent.T);
            Tensor direct = MatMul(MatMul(p.T, cotangent), p.T);
            // Projected before P² comes to it: P³, on the way back, would be ∞ or 0 long before the result is.
            Tensor left = turned - MatMul(a, MatMul(p, turned));
            Tensor right = turned - MatMul(MatMul(turned, p), a);
            return [MatMul(MatMul(left, p), p.T) + MatMul(p.T, MatMul(p, right)) - direct];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
        {
            (Tensor a, Tensor p, Tensor moved) = (result.Inputs[0], result, tangents[0]!);
            Tensor direct = MatMul(MatMul(p, moved), p);
            Tensor left = MatMul(p, MatMul(p.T, moved.T));
            Tensor right = MatMul(MatMul(moved.T, p.T), p);
            return left - MatMul(MatMul(left, a), p) + (right - MatMul(p, MatMul(a, right))) - direct;
        }

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            DType dtype = result.DType;
            Shape batch = Matrices.Batch(result.Shape);
            (int n, int m) = (result.Shape[-2], result.Shape[-1]);
            int k = Math.Min(m, n);
            View[] parts = emitter.Factorise(
                Factorisation.Svd,
                batch,
                (m, n),
                Error,
                [inputs[0]],
                new TensorType(dtype, batch.Concat([m, k])),
                new TensorType(dtype, batch.Concat([1, k])),
                new TensorType(dtype, batch.Concat([k, n]))
            );
            View scaled = emitter.Map(
                new TensorType(dtype, batch.Concat([n, k])),
                Scaled(dtype, Math.Max(m, n)),
                Matrices.Transposed(parts[2]),
                parts[1],
                Largest(parts[1])
            );
            View output = emitter.Fresh(dtype, result.Shape);
            Operand left = Matrices.Transposed(parts[0]).Operand;
            emitter.Emit(new MatMul(batch, n, k, m, scaled.Operand, left, output.Operand));
            return output;
        }

        /// <summary>V·S⁺ at a point, from an element of V, its singular value and the largest one.</summary>
        private static Scalar.Select Scaled(DType dtype, int extent)
        {
            var vector = new Scalar.Input(0, dtype);
            var value = new Scalar.Input(1, dtype);
            Scalar least = new Scalar.Input(2, dtype) * vector.Number(extent * Matrices.Rounding(dtype));
            var counts = new Scalar.Binary(BinaryIntrinsic.Greater, value, least);
            return new Scalar.Select(counts, vector / value, vector.Number(0.0));
        }

        private static View Largest(View values)
        {
            int[] strides = values.Map.Strides.ToArray();
            strides[^1] = 0;
            return values with { Map = values.Map with { Strides = new ValueArray<int>(strides) } };
        }
    }
}
