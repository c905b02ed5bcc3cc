using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Linear;

/// <summary>The solution of a linear system: (b [n], captures θ) → x [n] with A(θ)·x = b.</summary>
/// <remarks>
/// Tangent: A·ẋ = ḃ − Ȧ·x. Cotangent: Aᵀ·λ = x̄, then b̄ = λ, and θ̄ is the cotangent of −A(θ)·x at fixed x for λ. Both are linear solves again.
/// </remarks>
/// <param name="Operator">(x, θ) → A(θ)·x, linear in x.</param>
/// <param name="Transposed">(w, θ) → A(θ)ᵀ·w.</param>
/// <param name="Solver">The method, for A and its transpose.</param>
internal sealed record LinearSolveOp(Function Operator, Function Transposed, LinearSolver.Krylov Solver) : MultiOp
{
    public override string Name => "linearSolve";

    public override bool IsCostly => true;

    /// <summary>The node's operation for an operator; its transpose is the VJP, which does not depend on the point.</summary>
    public static LinearSolveOp For(Function linear, LinearSolver.Krylov solver) =>
        new(linear, Transpose(linear), solver);

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => [inputs[0]];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor[] captures = tuple.InputArray[1..];
        bool[] moving = [false, .. Flags.Present(tangents[1..])];
        Tensor? right = tangents[0];
        if (moving.Contains(true))
        {
            Tensor[] flowing = [.. tangents[1..].ToArray().OfType<Tensor>()];
            Tensor moved = Operator.Jvp(moving).Apply([Results(tuple)[0], .. captures, .. flowing])[1];
            right = right is null ? -moved : right - moved;
        }
        return Tensor.ApplyMany(this, [right!, .. captures]);
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Tensor[] captures = tuple.InputArray[1..];
        var transposed = new LinearSolveOp(Transposed, Operator, Solver);
        Tensor adjoint = Tensor.ApplyMany(transposed, [cotangents[0]!, .. captures])[0];
        bool[] wanted = [false, .. needed[1..]];
        var pulled = new Tensor?[needed.Length];
        pulled[0] = adjoint;
        int[] positions = Flags.Indices(wanted);
        if (positions.Length == 0)
            return pulled;
        Tensor[] found = Operator.Vjp(wanted).Apply([Results(tuple)[0], .. captures, -adjoint]);
        for (int i = 0; i < positions.Length; i++)
            pulled[positions[i]] = found[i];
        return pulled;
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Mapping.Map(this, inputs, batched, size);

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    ) => emitter.Host(new KrylovRun(this), inputs, results, wanted);

    private static Function Transpose(Function linear)
    {
        bool[] first = new bool[linear.Arguments.Length];
        first[0] = true;
        Function vjp = linear.Vjp(first);
        return Function.TraceClosed(
            "linearSolve",
            linear.ArgumentTypes,
            all => vjp.Apply([Tensor.ZerosLike(all[0]), .. all[1..], all[0]])
        );
    }
}
