using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>The derivative of a solution as that of some steps from it, as if it were constant. They end where they start.</summary>
/// <param name="Steps">(z, captures) → where the steps end, of one item.</param>
/// <param name="Items">The batch, if there is one.</param>
internal sealed record SteppedDerivative(Function Steps, ItemAxis? Items) : IImplicitRule
{
    private Function Whole => Items is null ? Steps : Items.Map(Steps, 1, Items.Size);

    /// <summary>
    /// (z, θ) → the end of k steps z ← z + τ·F(z, θ): phantom gradients. At a solution all iterates are the same, so undamped steps give the
    /// first k terms of the Neumann series.
    /// </summary>
    public static Function From(string name, Function residual, int steps, double damping) =>
        Function.TraceClosed(
            name,
            residual.ArgumentTypes,
            all =>
            {
                Tensor[] captures = all[1..];
                return [steps == 1 ? Step(all[0]) : Loops.Scan(Same, all[0], Array.Empty<Tensor>(), steps).Carry];

                Tensor Step(Tensor z)
                {
                    Tensor move = residual.Apply([z, .. captures])[0];
                    return damping == 1.0 ? z + move : z + (damping * move);
                }

                (Tensor, Tensor[]) Same(Tensor z, Tensor[] _) => (Step(z), []);
            }
        );

    public Tensor? Tangent(Tensor z, Tensor[] inputs, ReadOnlySpan<Tensor?> tangents) =>
        Whole.Tangent([z, .. inputs[1..]], [null, .. tangents[1..]]);

    public Tensor?[] Cotangent(Tensor z, Tensor[] inputs, Tensor cotangent, ReadOnlySpan<bool> needed) =>
        Whole.Cotangent([z, .. inputs[1..]], cotangent, [false, .. needed[1..]]);
}
