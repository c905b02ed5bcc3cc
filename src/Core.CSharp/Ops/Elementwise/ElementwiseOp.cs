using System.Runtime.CompilerServices;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>
/// An operation that works point by point on inputs which broadcast. It states a scalar body and, once for both modes, its
/// partial derivatives.
/// </summary>
internal abstract record ElementwiseOp : Op
{
    /// <summary>What is computed at a point.</summary>
    public abstract Scalar Body(ReadOnlySpan<Scalar> x);

    /// <summary>∂result/∂input ∘ w, for a tangent or a cotangent w; null where it is zero.</summary>
    public abstract Tensor? Scaled(int input, Tensor result, Tensor w);

    /// <summary>The element type of the result for operands of one type.</summary>
    public virtual DType ResultOf(DType operand) => operand.IsFloat ? operand : Arithmetic.Float(Name, operand);

    public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Shape shape = inputs[0].Shape;
        foreach (TensorType input in inputs[1..])
            shape = Broadcasting.Join(Name, shape, input.Shape);
        return new TensorType(ResultOf(OperandType(inputs)), shape);
    }

    public override Op? OfItem(Shape result) => this;

    public sealed override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
    {
        var cotangents = new Tensor?[needed.Length];
        var selection = Tensor.Selection.Of(cotangent);
        for (int i = 0; i < cotangents.Length; i++)
            if (needed[i] && Scaled(i, result, selection?.Value ?? cotangent) is { } scaled)
            {
                Shape shape = result.Inputs[i].Shape;
                cotangents[i] = selection?.SumTo(scaled, shape) ?? Tensor.SumTo(scaled, shape);
            }
        return cotangents;
    }

    public sealed override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor? total = null;
        for (int i = 0; i < tangents.Length; i++)
            if (tangents[i] is { } tangent && Scaled(i, result, tangent) is { } scaled)
                total = total is null ? scaled : total + scaled;
        return total is null ? Tensor.ZerosLike(result) : Tensor.Expand(total, result.Shape);
    }

    public sealed override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        int rank = 0;
        for (int i = 0; i < inputs.Length; i++)
            rank = Math.Max(rank, inputs[i].Rank - (batched[i] ? 1 : 0));
        var aligned = new Tensor[inputs.Length];
        for (int i = 0; i < aligned.Length; i++)
            aligned[i] = batched[i] ? Batching.PadRank(inputs[i], rank) : inputs[i];
        return Tensor.Apply(this, aligned);
    }

    public sealed override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
    {
        var x = new Scalar[inputs.Length];
        for (int i = 0; i < x.Length; i++)
            x[i] = new Scalar.Input(i, inputs[i].DType);
        return emitter.Map(result, Body(x), inputs);
    }

    /// <summary>The one element type of the operands that count for the result.</summary>
    protected virtual DType OperandType(ReadOnlySpan<TensorType> inputs)
    {
        foreach (TensorType input in inputs[1..])
            TensorType.RequireOneDType(Name, inputs[0], input);
        return inputs[0].DType;
    }
}

/// <summary>An elementwise function of one variable.</summary>
internal abstract record UnaryOp : ElementwiseOp
{
    /// <summary>f(x) at a point.</summary>
    public abstract Scalar Body(Scalar x);

    /// <summary>f′(x), which may use the result y = f(x); null where it is zero.</summary>
    public abstract Tensor? Derivative(Tensor x, Tensor y);

    public sealed override Scalar Body(ReadOnlySpan<Scalar> x) => Body(x[0]);

    public sealed override Tensor? Scaled(int input, Tensor result, Tensor w) =>
        Derivative(result.Inputs[0], result) is { } derivative ? derivative * w : null;
}

/// <summary>An elementwise function of two variables.</summary>
internal abstract record BinaryOp : ElementwiseOp
{
    private readonly bool keepsFloats;

    /// <param name="keepsFloats">Whether floating-point operands give a result of their type, which then need not be asked for.</param>
    protected BinaryOp(bool keepsFloats = true)
    {
        this.keepsFloats = keepsFloats;
    }

    public abstract Scalar Body(Scalar a, Scalar b);

    /// <summary>Most operands have one type, or one of them is a number: then there is nothing to join.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TensorType Infer(TensorType a, TensorType b) =>
        a.DType == b.DType && (b.Shape.Rank == 0 || a.Shape == b.Shape)
            ? new TensorType(ResultOfBoth(a.DType), a.Shape)
            : Join(a, b);

    public sealed override TensorType Infer(ReadOnlySpan<TensorType> inputs) => Infer(inputs[0], inputs[1]);

    /// <summary>As <see cref="ElementwiseOp.ResultOf"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DType ResultOfBoth(DType operands) => keepsFloats && operands.IsFloat ? operands : ResultOf(operands);

    public sealed override Scalar Body(ReadOnlySpan<Scalar> x) => Body(x[0], x[1]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TensorType Join(TensorType a, TensorType b) => base.Infer([a, b]);
}
