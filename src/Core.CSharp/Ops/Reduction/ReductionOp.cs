using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>An operation that combines the elements along some axes by one of the kernel's reductions.</summary>
internal abstract record ReductionOp(ValueArray<int> Along) : AxesOp(Along)
{
    /// <summary>How the kernel combines.</summary>
    public abstract Reduction Reduction { get; }

    protected sealed override bool NeedsElements => Reduction is not (Reduction.Sum or Reduction.Product);

    public sealed override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
        emitter.Reduce(Reduction, new Scalar.Input(0, inputs[0].DType), Along, result, inputs[0]);
}
