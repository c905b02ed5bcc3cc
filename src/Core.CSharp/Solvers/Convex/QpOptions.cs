using Implicit.Solvers.Convex.Programs;

namespace Implicit;

/// <summary>
/// How a convex quadratic or linear program is solved, by the primal-dual interior point, and differentiated. What <c>argmin</c> gets that is smooth
/// but not quadratic, without constraints, goes to <see cref="MinimiseOptions"/> with its defaults.
/// </summary>
public sealed record QpOptions
    : IArgminSolver,
        ITolerances<QpOptions>,
        IStepLimit<QpOptions>,
        IFailurePolicy<QpOptions>,
        IVia<Degeneracy, QpOptions>
{
    /// <summary>
    /// The residuals allowed, in the units of the constraints and of the gradient, and the duality gap, in the units of the objective where
    /// that is below 1 and relative to it above.
    /// </summary>
    public double AbsoluteTolerance { get; init; } = 1e-8;

    /// <summary>
    /// Added to it, this times the terms that each residual is the sum of. The default is what rounding leaves; much more than that lets
    /// large multipliers hide errors.
    /// </summary>
    public double RelativeTolerance { get; init; } = 1e-14;

    /// <summary>The most interior-point steps.</summary>
    public int MaxSteps { get; init; } = 100;

    /// <summary>What is given for a program that could not be solved: an error, where nothing else is said. An account has the best point.</summary>
    public OnFail OnFail { get; init; }

    /// <summary>What the derivative is where the solution has none.</summary>
    public Degeneracy Degeneracy { get; init; } = Degeneracy.MinNorm;

    QpOptions ITolerances<QpOptions>.WithRelativeTolerance(double relative) =>
        this with
        {
            RelativeTolerance = relative,
        };

    QpOptions ITolerances<QpOptions>.WithAbsoluteTolerance(double absolute) =>
        this with
        {
            AbsoluteTolerance = absolute,
        };

    QpOptions IStepLimit<QpOptions>.WithMaxSteps(int count) => this with { MaxSteps = count };

    QpOptions IFailurePolicy<QpOptions>.WithOnFail(OnFail policy) => this with { OnFail = policy };

    QpOptions IVia<Degeneracy, QpOptions>.Via(Degeneracy how) => this with { Degeneracy = how };

    T IArgminSolver.Argmin<T>(ConvexProgram<T> program, T x0)
    {
        ProgramForm form = ProgramForm.Of(program, x0, out Tensor[] captures);
        if (ProgramReader.IsDescent(form))
            return program.Argmin(x0, new MinimiseOptions { OnFail = OnFail });
        (QuadraticProgram data, _, _) = ProgramReader.Read(form, captures);
        return ProgramVariable.Of(x0).Unravel(x0, Argmin.Qp(data, this));
    }

    ArgminSolution<T> IArgminSolver.Solve<T>(ConvexProgram<T> program, T x0)
    {
        ProgramForm form = ProgramForm.Of(program, x0, out Tensor[] captures);
        if (ProgramReader.IsDescent(form))
            return program.Solve(x0, new MinimiseOptions());
        (QuadraticProgram data, Tensor constant, ProgramReading reading) = ProgramReader.Read(form, captures);
        QpSolution solution = Argmin.SolveQp(data, this);
        return new ProgramSolution<T>(ProgramVariable.Of(x0).Unravel(x0, solution.X), solution, reading, constant);
    }
}

/// <summary>
/// What the derivative of a solution is where it is not unique: a constraint is weakly active (its slack and its multiplier are both zero, so
/// that the solution has a kink), or the active constraints' gradients, or the curvature left by them, do not have full rank.
/// </summary>
public enum Degeneracy
{
    /// <summary>
    /// A finite one: constraints are counted as active where the multiplier exceeds the slack, and a singular system is solved in the sense of
    /// least squares with the least norm, in the scaled units of the solver. The margin in the solution reports how near degeneracy is.
    /// </summary>
    MinNorm,

    /// <summary>None: a derivative raises <see cref="SolveException"/>, which names the item.</summary>
    Strict,
}
