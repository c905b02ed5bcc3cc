using Implicit.Shapes;

namespace Implicit;

/// <summary>How a system of linear equations A·x = b is solved. A closed set of methods.</summary>
public abstract record LinearSolver : ITolerances<LinearSolver>, IStepLimit<LinearSolver>, IFailurePolicy<LinearSolver>
{
    private protected LinearSolver() { }

    /// <summary>
    /// Whether what A claims (that it is linear, its transpose, its properties) is checked on random vectors before it is solved with; an
    /// error names the claim that does not hold. For finding mistakes: it costs some ten products.
    /// </summary>
    public bool ChecksOperator { get; init; }

    /// <summary>The same method, checking what the operator claims.</summary>
    public LinearSolver WithChecks() => this with { ChecksOperator = true };

    /// <summary>The same method at another relative tolerance.</summary>
    /// <param name="relative">The residual allowed, relative to ‖b‖₂.</param>
    /// <exception cref="TensorException">The method does not iterate.</exception>
    public LinearSolver WithRelativeTolerance(double relative) =>
        Iterative("tolerance") with
        {
            RelativeTolerance = relative,
        };

    /// <summary>The same method at another absolute tolerance.</summary>
    /// <param name="absolute">The residual allowed, in the units of b.</param>
    /// <exception cref="TensorException">The method does not iterate.</exception>
    public LinearSolver WithAbsoluteTolerance(double absolute) =>
        Iterative("tolerance") with
        {
            AbsoluteTolerance = absolute,
        };

    /// <summary>The same method with another step limit.</summary>
    /// <param name="count">The most products with A within the iteration.</param>
    /// <exception cref="TensorException">The method does not iterate.</exception>
    public LinearSolver WithMaxSteps(int count) => Iterative("step limit") with { MaxSteps = count };

    /// <summary>The same method with another policy for systems that it could not solve.</summary>
    /// <param name="policy"><see cref="Krylov.OnFail"/>.</param>
    /// <exception cref="TensorException">The method does not iterate.</exception>
    public LinearSolver WithOnFail(OnFail policy) => Iterative("policy for failures") with { OnFail = policy };

    /// <summary>The same method with a preconditioner on the right.</summary>
    /// <param name="m">M ≈ A⁻¹.</param>
    /// <exception cref="TensorException">The method takes none.</exception>
    public LinearSolver WithPreconditioner(LinearOperator m) => Iterative("preconditioner") with { Preconditioner = m };

    /// <summary>The same method with a preconditioner on the left.</summary>
    /// <param name="m">M ≈ A⁻¹.</param>
    /// <exception cref="TensorException">The method is not GMRES.</exception>
    public LinearSolver WithLeftPreconditioner(LinearOperator m) =>
        OnlyGmres("takes a preconditioner on the left") with
        {
            LeftPreconditioner = m,
        };

    /// <summary>GMRES that begins with Richardson's iteration.</summary>
    /// <param name="factor">ω of <see cref="Gmres.Richardson"/>.</param>
    /// <exception cref="TensorException">The method is not GMRES.</exception>
    public LinearSolver WithRichardson(double factor) =>
        OnlyGmres("begins with Richardson's iteration") with
        {
            Richardson = factor,
        };

    /// <summary>The method for a transposed system: preconditioners are transposed, and change sides where there are two.</summary>
    internal virtual LinearSolver Transposed => WithPreconditioners(m => m.T);

    /// <summary>The method with other preconditioners in place of those it has.</summary>
    internal virtual LinearSolver WithPreconditioners(Func<LinearOperator, LinearOperator> change) => this;

    private Gmres OnlyGmres(string does) =>
        this as Gmres ?? Throw.Error<Gmres>("linearSolve", $"only gmres {does}", $"{GetType().Name}");

    private Krylov Iterative(string what) =>
        this as Krylov
        ?? Throw.Error<Krylov>("linearSolve", $"only an iterative method has a {what}", $"{GetType().Name}");

    /// <summary>
    /// Factorises by structure: a diagonal divides, a triangle substitutes, what is positive definite has a Cholesky factor, any other square
    /// matrix LU with row exchanges; a tall matrix QR, for the least squares solution, a wide one QR of its transpose, for the solution of
    /// least norm (both of full rank). A without a matrix is applied to all unit vectors at once.
    /// </summary>
    public sealed record Direct : LinearSolver;

    /// <summary>
    /// The least squares solution of least norm, A⁺·b, by singular value decomposition: any shape, any rank. Its derivative is that along
    /// matrices of the same rank.
    /// </summary>
    public sealed record Pseudoinverse : LinearSolver;

    /// <summary>
    /// A Krylov method: it needs products with A only. It has succeeded when ‖b − A·x‖₂ ≤ max(absolute, relative·‖b‖₂) for the residual
    /// computed from x itself.
    /// </summary>
    public abstract record Krylov : LinearSolver
    {
        private protected Krylov() { }

        /// <summary>The residual allowed, relative to ‖b‖₂; 1e-10 in float64 and 1e-5 in float32 if null.</summary>
        public double? RelativeTolerance { get; init; }

        /// <summary>The residual allowed, in the units of b.</summary>
        public double AbsoluteTolerance { get; init; }

        /// <summary>The most products with A within the iteration; ten times the number of unknowns, at least 100, if null.</summary>
        public int? MaxSteps { get; init; }

        /// <summary>
        /// What is given for a system that could not be solved: an error, where nothing else is said. The best iterate after a few steps is an inexact solve,
        /// <c>Exact(Cg { MaxSteps = 5, OnFail = Best })</c>, as in implicit MAML (A. Rajeswaran et al., NeurIPS 2019, algorithm 2); its derivatives are solved for as inexactly. An account
        /// (<c>Linear.Solve</c>) has the best iterate.
        /// </summary>
        public OnFail OnFail { get; init; }

        /// <summary>
        /// M ≈ A⁻¹, cheap to apply; none if null. It stands on the right, A·M·(M⁻¹x) = b, so the residual stays that of the system; conjugate
        /// gradients need it symmetric and definite, and LSMR takes none. The solution does not depend on it, so it has no derivative; a
        /// transposed solve uses Mᵀ.
        /// </summary>
        public LinearOperator? Preconditioner { get; init; }

        internal override LinearSolver WithPreconditioners(Func<LinearOperator, LinearOperator> change) =>
            Preconditioner is null ? this : this with { Preconditioner = change(Preconditioner) };

        /// <summary>The method by its numbers alone.</summary>
        internal virtual Krylov Bare =>
            Preconditioner is null && !ChecksOperator
                ? this
                : this with
                {
                    Preconditioner = null,
                    ChecksOperator = false,
                };
    }

    /// <summary>
    /// Conjugate gradients, for symmetric definite A, positive or negative (as ∂F/∂z = J − I of a contraction is): M. Hestenes and E. Stiefel, J. Res.
    /// Nat. Bur. Standards 49 (1952), equations 3:1.
    /// </summary>
    public sealed record Cg : Krylov;

    /// <summary>
    /// Restarted GMRES: Y. Saad and M. Schultz, SIAM J. Sci. Stat. Comput. 7 (1986), algorithm 4. It exists for any regular A, but a
    /// short restart can stagnate, which is reported.
    /// </summary>
    /// <param name="Restart">The dimension of the Krylov space before a restart, 1 or more; so many vectors are kept.</param>
    public sealed record Gmres(int Restart = 30) : Krylov
    {
        /// <summary>
        /// M ≈ A⁻¹ on the left, M·A·x = M·b; none if null. The steps then lessen ‖M·(b − A·x)‖; the tolerance still holds for ‖b − A·x‖.
        /// Together with <see cref="Krylov.Preconditioner"/> on the right, M·A·P is what the method sees.
        /// </summary>
        public LinearOperator? LeftPreconditioner { get; init; }

        /// <summary>
        /// ω of Richardson's iteration x ← x + ω(b − A·x), with which a solve then begins; none if null. Where I − ωA is a contraction it takes about as many
        /// steps as GMRES, each of which is one product and little else. From the first step on that leaves more than 0.6 of the residual, GMRES goes on. The steps
        /// of both count; preconditioners are for GMRES alone. Systems of few unknowns, of which GMRES takes no more steps than there are, begin with it at once.
        /// </summary>
        public double? Richardson { get; init; }

        internal override LinearSolver Transposed =>
            this with
            {
                Preconditioner = LeftPreconditioner?.T,
                LeftPreconditioner = Preconditioner?.T,
            };

        internal override LinearSolver WithPreconditioners(Func<LinearOperator, LinearOperator> change)
        {
            var gmres = (Gmres)base.WithPreconditioners(change);
            return LeftPreconditioner is null ? gmres : gmres with { LeftPreconditioner = change(LeftPreconditioner) };
        }

        internal override Krylov Bare =>
            LeftPreconditioner is null ? base.Bare : (this with { LeftPreconditioner = null }).Bare;
    }

    /// <summary>
    /// BiCGSTAB, for general A with memory that does not grow: H. van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992), section 3.
    /// </summary>
    public sealed record BiCgStab : Krylov;

    /// <summary>
    /// LSMR, for A of any shape and rank: the x that minimises ‖b − A·x‖₂² + damping²·‖x‖₂², of least norm if there are several: D. Fong and
    /// M. Saunders, SIAM J. Sci. Comput. 33 (2011). Besides the tolerance on the residual, ‖Aᵀ(b − A·x)‖₂ ≤ relative·‖A‖·‖b − A·x‖₂ is success.
    /// The derivative is that along operators of the same rank.
    /// </summary>
    /// <param name="Damping">λ of the regularisation, not negative.</param>
    public sealed record Lsmr(double Damping = 0.0) : Krylov;
}
