using Implicit.Control;
using Implicit.Graph;
using Implicit.Linear;
using Implicit.Ops;
using Implicit.Transforms;

namespace Implicit.Solvers.Minimise;

/// <summary>
/// A minimiser, (x [n], captures) → x, whose derivatives first check that it has any: that the minimum is isolated.
/// </summary>
/// <remarks>
/// The point found is at some distance from the minimum, which the Newton step δ = −H⁻¹∇f estimates. Where the Hessian is regular it hardly
/// changes over that distance. Where it is singular at the minimum (x⁴ at 0) it does at every distance: then H⁻¹ at the point found is no
/// estimate of anything, however well it can be computed.
/// </remarks>
/// <param name="Title">Who solves, for messages.</param>
/// <param name="Gradient">(x, captures) → ∇f.</param>
internal sealed record IsolatedOp(string Title, Function Gradient) : Op
{
    public override string Name => Title;

    public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

    public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
    {
        var pulled = new Tensor?[needed.Length];
        pulled[0] = Checked(cotangent, result);
        return pulled;
    }

    public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
        tangents[0] is { } tangent ? Checked(tangent, result) : Tensor.ZerosLike(result);

    public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Mapping.Map(this, inputs, batched, size);

    public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) => inputs[0];

    private Tensor Checked(Tensor derivative, Tensor result)
    {
        Tensor x = result.Inputs[0];
        Tensor[] captures = result.InputArray[1..];
        Function product = Gradient.JvpOfFirst();
        Tensor gradient = Gradient.Apply([x, .. captures])[0];
        var hessian = new FunctionOperator(
            v => product.Apply([x, .. captures, v])[1],
            null,
            x.Type,
            x.Type,
            OperatorProperties.Symmetric
        )
        {
            IsLinear = true,
        };
        Tensor step = -hessian.Inverse().Apply(gradient);
        Tensor there = product.Apply([x + step, .. captures, step])[1];
        Tensor size = Tensor.Norm(gradient);
        Tensor change = Tensor.Norm(there + gradient) / Tensor.Where(size > 0.0, size, Tensor.OnesLike(size));
        return Tensor.Ensure(derivative, change, new Isolated(Title));
    }

    /// <summary>The Hessian changes little between the point found and the minimum.</summary>
    private sealed record Isolated(string Title) : Requirement
    {
        private const double Most = 0.1;

        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            if (item[0] > Most)
                throw new SolveException(
                    $"[{Title}] Singular: the minimum is not isolated, for the matrix of second derivatives is singular there{Of(number, items)}: "
                        + "the minimiser has no derivative. Try fewer unknowns, or add a small penalty."
                );
        }
    }
}
