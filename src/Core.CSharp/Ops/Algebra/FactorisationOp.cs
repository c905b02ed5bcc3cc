using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The parts of a matrix, of each item of a batch by itself.</summary>
    private abstract record FactorisationOp(Factorisation Kind) : MultiOp
    {
        /// <summary>What is raised when an item has no factors; the factorisation's own error if null.</summary>
        public FactoriseError? Error { get; init; }

        public sealed override bool IsCostly => true;

        public sealed override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            ApplyMany(this, inputs[0]);

        public sealed override View[] LowerAll(
            IEmitter emitter,
            ReadOnlySpan<View> inputs,
            ReadOnlySpan<TensorType> results,
            ReadOnlySpan<bool> wanted
        ) =>
            emitter.Factorise(
                Kind,
                Matrices.Batch(inputs[0].Shape),
                (inputs[0].Shape[-2], inputs[0].Shape[-1]),
                Error,
                [inputs[0]],
                results
            );
    }
}
