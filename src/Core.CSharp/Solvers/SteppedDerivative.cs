using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>The derivative of a solution as that of some steps, which end where the solution is.</summary>
/// <param name="Steps">(where the steps start, captures) → where they end, of one item.</param>
/// <param name="FromSolution">Whether they start from the solution, as if it were constant, rather than from the solve's start.</param>
/// <param name="Items">The batch, if there is one.</param>
internal sealed record SteppedDerivative(Function Steps, bool FromSolution, ItemAxis? Items) : IImplicitRule
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

    public Tensor? Tangent(Tensor z, Tensor[] inputs, ReadOnlySpan<Tensor?> tangents)
    {
        bool[] moving = Flags.Present(tangents);
        moving[0] &= !FromSolution;
        Tensor?[] given = tangents.ToArray();
        int[] moved = Flags.Indices(moving);
        return moved.Length == 0
            ? null
            : Whole.Jvp(moving).Apply([.. Start(z, inputs), .. moved.Select(i => given[i]!)])[^1];
    }

    public Tensor?[] Cotangent(Tensor z, Tensor[] inputs, Tensor cotangent, ReadOnlySpan<bool> needed)
    {
        bool[] wanted = needed.ToArray();
        wanted[0] &= !FromSolution;
        return wanted.Contains(true)
            ? Flags.Spread<Tensor>(wanted, Whole.Vjp(wanted).Apply([.. Start(z, inputs), cotangent]))
            : new Tensor?[needed.Length];
    }

    private Tensor[] Start(Tensor z, Tensor[] inputs) => FromSolution ? [z, .. inputs[1..]] : inputs;
}
