using Implicit.Shapes;

namespace Implicit.Linear;

/// <summary>A solve by a Krylov method: its operation, and what the operator and the preconditioners captured.</summary>
internal sealed class KrylovSetup
{
    private readonly LinearOperator a;
    private readonly DampedOperator? damped;
    private readonly LinearSolveOp op;
    private readonly Tensor[] captures;

    private KrylovSetup(LinearOperator a, LinearSolver.Krylov solver)
    {
        this.a = a;
        damped = solver is LinearSolver.Lsmr { Damping: > 0.0 } lsmr ? new DampedOperator(a, lsmr.Damping) : null;
        LinearOperator? left = (solver as LinearSolver.Gmres)?.LeftPreconditioner;
        LinearOperator? right = solver.Preconditioner;
        var traced = new SharedCaptures();
        traced.Add(damped ?? a, withTranspose: true);
        if (left is not null)
            traced.Add(left, withTranspose: false);
        if (right is not null)
            traced.Add(right, withTranspose: false);
        LinearMap[] maps = traced.Close(out captures);
        op = new LinearSolveOp(maps[0], solver.Bare)
        {
            Title = a.Title,
            Left = left is null ? null : maps[1],
            Right = right is null ? null : maps[^1],
        };
    }

    /// <summary>Checks that a method suits an operator, and traces both.</summary>
    /// <param name="a">The operator.</param>
    /// <param name="solver">The method.</param>
    public static KrylovSetup Of(LinearOperator a, LinearSolver.Krylov solver)
    {
        Check(a, solver);
        return new(a, solver);
    }

    /// <summary>x, of the type of the operator's argument; a failure is an error when the value is computed, or what else the method says.</summary>
    public Tensor Solve(Tensor b, Tensor? start = null) =>
        Tensor.Reshape(op.Given(Results(b, start, reports: op.IsLenient)), a.Input.Shape);

    /// <summary>x and the report, float64 [4]; a failure is told by the report.</summary>
    public (Tensor X, Tensor Report) TrySolve(Tensor b, Tensor? start)
    {
        Tensor[] results = Results(b, start, reports: true);
        return (Tensor.Reshape(results[0], a.Input.Shape), results[1]);
    }

    private Tensor[] Results(Tensor b, Tensor? start, bool reports)
    {
        Tensor right = Tensor.Reshape(b, [b.Length]);
        right = ZeroToZero.Guard(a, damped?.Extend(right) ?? right);
        Tensor[] first = start is null ? [right] : [right, Tensor.Reshape(start, [start.Length])];
        return Tensor.ApplyMany(op with { HasStart = start is not null, Reports = reports }, [.. first, .. captures]);
    }

    private static void Check(LinearOperator a, LinearSolver.Krylov solver)
    {
        solver.OnFail.Check("linearSolve");
        Throw.Unless(
            a.IsSquare || solver is LinearSolver.Lsmr,
            "linearSolve",
            "the operator must be square (lsmr, direct and the pseudoinverse solve least squares)",
            $"one from {a.Input} to {a.Output}"
        );
        Throw.Unless(
            solver.RelativeTolerance is null or >= 0.0 && solver.AbsoluteTolerance >= 0.0,
            "linearSolve",
            "the tolerances must not be negative",
            $"{solver.RelativeTolerance} and {solver.AbsoluteTolerance}"
        );
        Throw.Unless(
            solver.MaxSteps is null or > 0,
            "linearSolve",
            "the step limit must be positive",
            $"{solver.MaxSteps}"
        );
        if (solver is LinearSolver.Gmres gmres)
        {
            Throw.Unless(gmres.Restart >= 1, "linearSolve", "the restart must be 1 or more", $"{gmres.Restart}");
            Throw.Unless(
                gmres.Richardson is not { } factor || (double.IsFinite(factor) && factor != 0.0),
                "linearSolve",
                "the factor of Richardson's iteration must be finite and not zero",
                $"{gmres.Richardson}"
            );
            CheckPreconditioner(a, gmres.LeftPreconditioner);
        }
        if (solver is LinearSolver.Lsmr lsmr)
        {
            Throw.Unless(lsmr.Damping >= 0.0, "linearSolve", "the damping must not be negative", $"{lsmr.Damping}");
            Throw.Unless(
                lsmr.Preconditioner is null,
                "linearSolve",
                "lsmr takes no preconditioner: it would change which solution has the least norm",
                "one"
            );
        }
        CheckPreconditioner(a, solver.Preconditioner);
    }

    private static void CheckPreconditioner(LinearOperator a, LinearOperator? m) =>
        Throw.Unless(
            m is null || (m.Input == a.Output && m.Output == a.Input),
            "linearSolve",
            $"the preconditioner must be an operator from {a.Output} to {a.Input}",
            $"one from {m?.Input} to {m?.Output}"
        );
}
