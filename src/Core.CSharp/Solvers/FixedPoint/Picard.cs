using Implicit.Shapes;

namespace Implicit;

/// <summary>Plain iteration z ← z + β·(f(z) − z). It converges where that is a contraction (E. Picard, 1890; S. Banach, 1922).</summary>
/// <param name="Damping">β, above 0; below 1 steps are shortened.</param>
public sealed record Picard(double Damping = 1.0) : EquationMethod
{
    /// <inheritdoc/>
    public override EquationMethod Damped(double damping) => this with { Damping = damping };

    /// <inheritdoc/>
    public override void Check(string solve) =>
        Throw.Unless(Damping > 0.0, solve, "the damping must be positive", $"{Damping}");

    /// <inheritdoc/>
    /// <remarks>The iteration that it begins with contracts as the steps of this one do near the solution.</remarks>
    protected internal override LinearSolver AdjointSolver => new LinearSolver.Gmres { Richardson = -Damping };

    internal override bool IsPlain => Damping == 1.0;

    /// <inheritdoc/>
    public override Tensor[] Init(Equation equation, Tensor z, Tensor residual) => [];

    /// <inheritdoc/>
    public override (Tensor Next, Tensor[] Memory) Step(
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    ) => (Damping == 1.0 ? z + residual : z + (Damping * residual), []);
}
