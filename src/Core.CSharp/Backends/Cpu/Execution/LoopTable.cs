using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>The loop for every node, in the widest vectors that the machine has.</summary>
internal abstract class LoopTable
{
    public static readonly LoopTable Widest = Make();

    /// <summary>The loop of a computed node whose first operand has the given type.</summary>
    public Loop Of(Node node, DType operand) =>
        node.Kind switch
        {
            NodeKind.Unary => Unary((UnaryIntrinsic)node.Code, operand),
            NodeKind.Binary => Binary((BinaryIntrinsic)node.Code, operand),
            NodeKind.MultiplyAdd => MultiplyAdd(operand),
            NodeKind.Select => Select(node.DType),
            _ => new Loop(CallShape.Unary, CastLoops.Of(operand, node.DType)),
        };

    public abstract PreparedKernel MatMul(MatMul product, ReadOnlySpan<Slot> slots);

    public abstract PreparedKernel Reduce(Reduce reduce, ReadOnlySpan<Slot> slots);

    public abstract PreparedKernel Factorise(Factorise factorise, ReadOnlySpan<Slot> slots);

    protected abstract Loop Unary(UnaryIntrinsic intrinsic, DType operand);

    protected abstract Loop Binary(BinaryIntrinsic intrinsic, DType operand);

    protected abstract Loop MultiplyAdd(DType dtype);

    protected abstract Loop Select(DType dtype);

    private static LoopTable Make()
    {
        var making = new Making();
        VectorWidth.Run(making);
        return making.Result!;
    }

    private sealed class Making : IVectorWork
    {
        public LoopTable? Result { get; private set; }

        void IVectorWork.Run<D, F, L, B>() => Result = new LoopTable<D, F, L, B>();
    }
}

/// <summary>The loops for one width of vectors, by element type.</summary>
internal sealed class LoopTable<D, F, L, B> : LoopTable
    where D : unmanaged, ILanes<D, double>
    where F : unmanaged, ILanes<F, float>
    where L : unmanaged, ILanes<L, long>
    where B : unmanaged, ILanes<B, byte>
{
    public override PreparedKernel MatMul(MatMul product, ReadOnlySpan<Slot> slots) =>
        slots[product.Output.Slot].DType switch
        {
            DType.Float64 => new PreparedMatMul<D, double>(product, slots),
            DType.Float32 => new PreparedMatMul<F, float>(product, slots),
            _ => new PreparedMatMul<L, long>(product, slots),
        };

    public override PreparedKernel Reduce(Reduce reduce, ReadOnlySpan<Slot> slots)
    {
        var parts = new ReduceParts(reduce, slots);
        return parts.DType switch
        {
            DType.Float64 => Reducers<D, double>.Of(reduce.Reduction, parts),
            DType.Float32 => Reducers<F, float>.Of(reduce.Reduction, parts),
            _ => Reducers<L, long>.Of(reduce.Reduction, parts),
        };
    }

    public override PreparedKernel Factorise(Factorise factorise, ReadOnlySpan<Slot> slots) =>
        slots[factorise.Inputs[0].Slot].DType == DType.Float64
            ? new PreparedFactorise<D, double>(factorise, slots)
            : new PreparedFactorise<F, float>(factorise, slots);

    protected override Loop Unary(UnaryIntrinsic intrinsic, DType operand)
    {
        if (intrinsic == UnaryIntrinsic.IsNaN)
            return Binary(BinaryIntrinsic.NotEqual, operand);
        nint address = operand switch
        {
            DType.Float64 => FloatLoops<D, double>.Unary(intrinsic),
            DType.Float32 => FloatLoops<F, float>.Unary(intrinsic),
            DType.Int64 => WholeLoops<L>.Unary(intrinsic),
            _ => TruthLoops<B>.Unary(intrinsic),
        };
        return new Loop(CallShape.Unary, address);
    }

    protected override Loop Binary(BinaryIntrinsic intrinsic, DType operand)
    {
        if (intrinsic.IsComparison)
            return Comparison(intrinsic, operand);
        nint address = operand switch
        {
            DType.Float64 => FloatLoops<D, double>.Binary(intrinsic),
            DType.Float32 => FloatLoops<F, float>.Binary(intrinsic),
            DType.Int64 => WholeLoops<L>.Binary(intrinsic),
            _ => TruthLoops<B>.Binary(intrinsic),
        };
        return new Loop(CallShape.Binary, address);
    }

    protected override Loop MultiplyAdd(DType dtype) =>
        new(
            CallShape.Ternary,
            dtype == DType.Float64 ? FloatLoops<D, double>.MultiplyAdd() : FloatLoops<F, float>.MultiplyAdd()
        );

    protected override Loop Select(DType dtype) =>
        new(
            CallShape.Select,
            dtype switch
            {
                DType.Float64 => ComparisonLoops<D, double>.Select(),
                DType.Float32 => ComparisonLoops<F, float>.Select(),
                DType.Int64 => ComparisonLoops<L, long>.Select(),
                _ => TruthLoops<B>.Select(),
            }
        );

    private static Loop Comparison(BinaryIntrinsic intrinsic, DType operand) =>
        operand switch
        {
            DType.Float64 => ComparisonLoops<D, double>.Of(intrinsic),
            DType.Float32 => ComparisonLoops<F, float>.Of(intrinsic),
            DType.Int64 => ComparisonLoops<L, long>.Of(intrinsic),
            _ => ComparisonLoops<B, byte>.Of(intrinsic),
        };
}
