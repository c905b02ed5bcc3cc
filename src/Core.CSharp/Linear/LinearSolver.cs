namespace Implicit;

/// <summary>How a system of linear equations A·x = b is solved. A closed set of methods.</summary>
public abstract record LinearSolver
{
    private protected LinearSolver() { }

    /// <summary>Makes the matrix by applying A to all unit vectors at once, and factorises it by LU with row exchanges.</summary>
    public sealed record Dense : LinearSolver;

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
    }

    /// <summary>
    /// Conjugate gradients, for symmetric positive definite A: M. Hestenes and E. Stiefel, J. Res. Nat. Bur. Standards 49 (1952),
    /// equations 3:1.
    /// </summary>
    public sealed record Cg : Krylov;

    /// <summary>
    /// Restarted GMRES: Y. Saad and M. Schultz, SIAM J. Sci. Stat. Comput. 7 (1986), algorithm 4. It exists for any regular A, but a
    /// short restart can stagnate, which is reported.
    /// </summary>
    /// <param name="Restart">The dimension of the Krylov space before a restart, 1 or more; so many vectors are kept.</param>
    public sealed record Gmres(int Restart = 30) : Krylov;

    /// <summary>
    /// BiCGSTAB, for general A with memory that does not grow: H. van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992), section 3.
    /// </summary>
    public sealed record BiCgStab : Krylov;
}
