using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>The implicit function theorem: the derivatives of the z that F(z, θ) = 0 defines as a function of θ.</summary>
/// <remarks>
/// Differentiating F(z(θ), θ) = 0 gives ∂F/∂z·ż = −∂F/∂θ·θ̇ for tangents. For a cotangent z̄, λ with (∂F/∂z)ᵀ·λ = z̄ gives θ̄ = −(∂F/∂θ)ᵀ·λ. Both
/// are written in z, which is the solution again, in derivatives of F, and in a linear solve, all of which have derivatives: so both
/// modes follow to every order. (E.g. S. Krantz and H. Parks, The Implicit Function Theorem, 2002, theorem 1.3.1.)
/// </remarks>
/// <param name="Name">Who solves, for messages.</param>
/// <param name="Residual">(z [n], θ) → F(z, θ) [n].</param>
/// <param name="Solver">How the linear systems are solved.</param>
/// <param name="Items">The batch, if z is one.</param>
internal sealed record ImplicitFunction(string Name, Function Residual, LinearSolver Solver, ItemAxis? Items)
    : IImplicitRule
{
    private Function Whole => Items is null ? Residual : Items.Map(Residual, 1, Items.Size);

    public Tensor? Tangent(Tensor z, Tensor[] inputs, ReadOnlySpan<Tensor?> tangents)
    {
        bool[] moving = [false, .. Flags.Present(tangents[1..])];
        if (!moving.Contains(true))
            return null;
        Tensor[] flowing = [.. tangents[1..].ToArray().OfType<Tensor>()];
        Tensor moved = Whole.Jvp(moving).Apply([z, .. inputs[1..], .. flowing])[1];
        return Solve(-moved, z, inputs[1..], transposed: false);
    }

    public Tensor?[] Cotangent(Tensor z, Tensor[] inputs, Tensor cotangent, ReadOnlySpan<bool> needed)
    {
        bool[] wanted = [false, .. needed[1..]];
        if (!wanted.Contains(true))
            return new Tensor?[needed.Length];
        Tensor adjoint = Solve(cotangent, z, inputs[1..], transposed: true);
        return Flags.Spread<Tensor>(wanted, Whole.Vjp(wanted).Apply([z, .. inputs[1..], -adjoint]));
    }

    /// <summary>Solves with ∂F/∂z, or with its transpose, for each item by itself.</summary>
    private Tensor Solve(Tensor right, Tensor z, Tensor[] captures, bool transposed)
    {
        if (Items is null)
            return SolveItem([right, z, .. captures]);
        TensorType[] types = [Residual.Results[0].Type, .. Residual.ArgumentTypes];
        Function item = Function.TraceClosed(Name, types, all => [SolveItem(all)]);
        return Items.Map(item, 2, Items.Size).Apply([right, z, .. captures])[0];

        Tensor SolveItem(Tensor[] all)
        {
            bool[] first = new bool[Residual.Arguments.Length];
            first[0] = true;
            Tensor[] point = all[1..];
            Function product = transposed ? Residual.Vjp(first) : Residual.Jvp(first);
            return LinearSystem.Solve(v => product.Apply([.. point, v])[^1], all[0], Solver);
        }
    }
}
