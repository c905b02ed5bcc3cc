using System.Runtime.CompilerServices;

namespace Implicit.Graph;

/// <summary>
/// An operation: all that the library knows of it. Records compare by their attributes, which is what makes two graphs
/// structurally equal. Concrete operations are nested in <see cref="Tensor"/>, one file each under Ops/.
/// </summary>
internal abstract record Op
{
    private int hash;

    protected Op() { }

    /// <summary>A copy is made to change an attribute: it has another hash.</summary>
    protected Op(Op original) { }

    /// <summary>The hash code, computed once: some attributes are whole functions.</summary>
    public int Hash
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => hash != 0 ? hash : hash = GetHashCode();
    }

    public virtual bool Equals(Op? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>The public name, used in messages and printing.</summary>
    public abstract string Name { get; }

    /// <summary>Whether recomputing the result would be dear (a solve, a factorisation): such values are kept.</summary>
    public virtual bool IsCostly => false;

    /// <summary>Whether the result is the first input seen in another way, as a rule without any work.</summary>
    public virtual bool IsView => false;

    /// <summary>
    /// The degree of the result as a polynomial of some variable, for the degrees of the inputs, not all of which are 0; null for what is no
    /// polynomial. Of an operation with several results it is the highest.
    /// </summary>
    public virtual int? Degree(ReadOnlySpan<int> inputs) => null;

    /// <summary>Whether the operation knows its degree: if not, null does not say that it is no polynomial.</summary>
    public virtual bool IsDegreeKnown => true;

    /// <summary>Checks the inputs and gives the type of the result.</summary>
    public abstract TensorType Infer(ReadOnlySpan<TensorType> inputs);

    /// <summary>
    /// The cotangents of the inputs for a cotangent of the result, as expressions. Null stands for zero; only inputs that are
    /// <paramref name="needed"/> count.
    /// </summary>
    public abstract Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed);

    /// <summary>
    /// The tangent of the result for tangents of the inputs (null is zero, at least one is not). Null means that there is
    /// no shorter rule than transposing the VJP.
    /// </summary>
    public virtual Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) => null;

    /// <summary>The operation on inputs of which some carry a batch axis in front; the result carries it in front.</summary>
    public abstract Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size);

    /// <summary>
    /// The operation on one of the items that lie along axis 0 of its result, which then has a given shape, with 1 in front; null if items meet in
    /// it, or it is not known that they do not. Inputs that hold items have 1 in front too.
    /// </summary>
    public virtual Op? OfItem(Shape result) => null;

    /// <summary>
    /// The sum of several results of this operation, all of one type, by less work than computing and adding them; null if there is no such rule.
    /// </summary>
    public virtual Tensor? Total(ReadOnlySpan<Tensor> results) => null;

    /// <summary>Emits the kernels that compute the result and says where it lies.</summary>
    public abstract View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result);
}

/// <summary>An operation with several results: a tuple node that <see cref="ProjectOp"/> nodes take apart.</summary>
internal abstract record MultiOp : Op
{
    /// <summary>Checks the inputs and gives the types of all results.</summary>
    public abstract TensorType[] InferAll(ReadOnlySpan<TensorType> inputs);

    /// <summary>The cotangents of the inputs for cotangents of the results (null is zero).</summary>
    /// <param name="tuple">The node; <see cref="Results"/> gives its results.</param>
    /// <param name="cotangents">One per result.</param>
    /// <param name="needed">Which inputs' cotangents are used.</param>
    public abstract Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed);

    /// <summary>The tangents of the results; null as a whole means that the VJP is transposed.</summary>
    public virtual Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents) => null;

    /// <summary>All results with a batch axis in front (opaque ones as they are).</summary>
    public abstract Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size);

    /// <summary>Emits kernels for the wanted results; the others' views are ignored.</summary>
    public abstract View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    );

    /// <summary>The results of a tuple node of this operation.</summary>
    public Tensor[] Results(Tensor tuple)
    {
        if (tuple.Parts is { } parts)
            return [.. parts];
        return Tensor.Project(tuple, InferAll(tuple.Inputs.Types));
    }

    public sealed override TensorType Infer(ReadOnlySpan<TensorType> inputs) => TensorType.Opaque;

    public sealed override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
        throw new InvalidOperationException("A tuple has no cotangent of its own.");

    public sealed override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        throw new InvalidOperationException("A tuple is mapped as a whole.");

    public sealed override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
        throw new InvalidOperationException("A tuple is lowered as a whole.");
}
