using Implicit.Control;
using Implicit.Ops;
using Implicit.Solvers;

namespace Implicit;

/// <summary>
/// Newton's method z ← z − t·J⁻¹F(z), with t halved or less until ‖F‖ falls enough (C. T. Kelley, Iterative Methods for Linear and Nonlinear
/// Equations, 1995, sections 8.1 and 8.3.1). Each evaluation of F is a step, tried ones too.
/// </summary>
/// <param name="Solver">
/// How the systems with J = ∂F/∂z are solved: by its matrix if null; by products alone with a Krylov method.
/// </param>
public sealed record Newton(LinearSolver? Solver = null) : EquationMethod
{
    /// <summary>The part of the decrease that the tangent promises which is enough.</summary>
    private const double Enough = 1e-4;

    /// <inheritdoc/>
    protected internal override LinearSolver AdjointSolver => Solver ?? new LinearSolver.Direct();

    internal override EquationMethod WithSolvers(Func<LinearSolver, LinearSolver> change) =>
        Solver is null ? this : new Newton(change(Solver));

    /// <inheritdoc/>
    protected internal override bool IsGuarded => true;

    /// <inheritdoc/>
    /// <remarks>Remembered are the iterate that a direction begins at, F there, the direction, and how far along it z is.</remarks>
    public override Tensor[] Init(Equation equation, Tensor z, Tensor residual) =>
        [z, residual, Tensor.ZerosLike(z), Tensor.Cast(Tensor.Scalar(0.0), z.DType)];

    /// <inheritdoc/>
    public override (Tensor Next, Tensor[] Memory) Step(Equation equation, Tensor z, Tensor residual, Tensor[] memory)
    {
        Tensor length = memory[3];
        Tensor falls = Tensor.LessOrEqual(WideNorm.Of(residual), (1.0 - (Enough * length)) * WideNorm.Of(memory[1]));
        Tensor[] now = Branches.Cond(falls, Turn, Shorten, (Tensor[])[z, residual, .. memory]);
        return (now[0] + (now[3] * now[2]), now);

        Tensor[] Turn(Tensor[] all) =>
            [all[0], all[1], equation.Solve(all[0], -all[1], AdjointSolver), Tensor.OnesLike(all[5])];
    }

    /// <summary>Where a whole step −J⁻¹F is no more than the spacing of the numbers that z is made of, F is what rounding makes of it.</summary>
    internal override Tensor? RoundingOf(Tensor z, Tensor[] memory)
    {
        Tensor isThere = Tensor.Cast(
            Tensor.LessOrEqual(WideNorm.Of(memory[2]), Matrices.Rounding(z.DType) * WideNorm.Of(z)),
            z.DType
        );
        // Before the first step there is no length.
        return Tensor.Where(memory[3] > 0.0, isThere * WideNorm.Of(memory[1]), Tensor.ZerosLike(memory[3]));
    }

    /// <summary>The same direction, as far as the parabola through what is known of ‖F‖² has its least, but a tenth to a half.</summary>
    private static Tensor[] Shorten(Tensor[] all)
    {
        Tensor length = all[5];
        Tensor before = Tensor.Sumsq(all[3]);
        Tensor parabola = before * length * length / (Tensor.Sumsq(all[1]) - before + (2.0 * length * before));
        Tensor shorter = Tensor.Minimum(Tensor.Maximum(parabola, 0.1 * length), 0.5 * length);
        // Where F is not finite there is no parabola.
        shorter = Tensor.Where(Tensor.IsNaN(shorter), 0.1 * length, shorter);
        return [all[2], all[3], all[4], shorter];
    }
}
