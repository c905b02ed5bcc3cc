using Implicit.Shapes;
using Implicit.Solvers.LeastSquares;
using Implicit.Solvers.Minimise;

namespace Implicit;

/// <summary>How a sum of squares is minimised. A closed set of methods.</summary>
public abstract record LeastSquaresMethod
{
    private protected LeastSquaresMethod() { }

    /// <summary>Checks the method's own numbers.</summary>
    internal virtual void Check(string solve) { }

    internal abstract IDescent Start(StepSolves solves);

    /// <summary>
    /// Gauss–Newton: the Jacobian's least squares solution, with a line search. J. Nocedal and S. Wright, Numerical Optimization (2006), section
    /// 10.3. The Jacobian must have full rank.
    /// </summary>
    public sealed record GaussNewton : LeastSquaresMethod
    {
        /// <summary>How far to go along a step.</summary>
        public LineSearch LineSearch { get; init; } = new LineSearch.Backtracking();

        internal override void Check(string solve) => LineSearch.Check(solve);

        internal override IDescent Start(StepSolves solves) => new GaussNewtonSteps(solves.Full, LineSearch);
    }

    /// <summary>
    /// Levenberg–Marquardt: steps damped relative to the Jacobian's columns. J. Moré (1978); K. Madsen, H. Nielsen and O. Tingleff (2004),
    /// section 3.2.
    /// </summary>
    public sealed record LevenbergMarquardt : LeastSquaresMethod
    {
        /// <summary>The first λ: small where the start is near the solution.</summary>
        public double InitialDamping { get; init; } = 1e-3;

        internal override void Check(string solve) =>
            Throw.Unless(InitialDamping > 0.0, solve, "the damping must be positive", $"{InitialDamping}");

        internal override IDescent Start(StepSolves solves) =>
            new LevenbergMarquardtSteps(solves.Unknowns, solves.Damped, InitialDamping);
    }

    /// <summary>Powell's dogleg within a trust region: M. Powell (1970); Nocedal and Wright (2006), section 4.1.</summary>
    public sealed record Dogleg : LeastSquaresMethod
    {
        /// <summary>How far the linear model is trusted.</summary>
        public TrustRegion TrustRegion { get; init; } = new();

        internal override void Check(string solve) => TrustRegion.Check(solve);

        internal override IDescent Start(StepSolves solves) =>
            new DoglegSteps(solves.Unknowns, solves.Full, TrustRegion);
    }
}
