using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit;

/// <summary>The equation F(z) = 0 of a vector z [n], as a method sees it: for a fixed point of f, F(z) = f(z) − z.</summary>
public sealed class Equation
{
    private readonly Function residual;
    private readonly Tensor[] captures;

    internal Equation(Function residual, Tensor[] captures)
    {
        this.residual = residual;
        this.captures = captures;
    }

    /// <summary>F(z).</summary>
    /// <param name="z">[n].</param>
    /// <returns>[n].</returns>
    public Tensor Residual(Tensor z) => residual.Apply([z, .. captures])[0];

    /// <summary>The d with ∂F/∂z·d = right.</summary>
    /// <param name="z">[n], where F is linearised.</param>
    /// <param name="right">[n].</param>
    /// <param name="solver">How the linear system is solved.</param>
    /// <returns>[n].</returns>
    public Tensor Solve(Tensor z, Tensor right, LinearSolver solver)
    {
        Function product = residual.JvpOfFirst();
        return LinearSystem.Solve(
            LinearOperator.OfLinear(v => product.Apply([z, .. captures, v])[^1], right),
            right,
            solver
        );
    }
}
