namespace Implicit;

/// <summary>How the solve of a quadratic program ended.</summary>
public enum QpStatus
{
    /// <summary>The conditions of optimality hold within the tolerances.</summary>
    Solved,

    /// <summary>They hold only within 1e-4, and the solver can do no better.</summary>
    AlmostSolved,

    /// <summary>
    /// No x meets the constraints; the duals are a certificate: A'y + G'z − z_lower + z_upper = 0 with b'y + h'z − … = −1. It holds within 1e-8
    /// (1e-6 of float32 data), so an x with elements beyond 1e8 (1e6) is not ruled out.
    /// </summary>
    PrimalInfeasible,

    /// <summary>
    /// The objective has no lower bound where the constraints can be met; x is a certificate: P·x = 0, A·x = 0, G·x ≤ 0 with q'x = −1. It holds
    /// within 1e-8 (1e-6 of float32 data), so a least value at an x with elements beyond 1e8 (1e6) is not ruled out.
    /// </summary>
    DualInfeasible,

    /// <summary>The step budget ran out first.</summary>
    MaxIterations,

    /// <summary>Rounding stopped the solver.</summary>
    NumericalError,

    /// <summary>P is not positive semidefinite.</summary>
    NonConvex,

    /// <summary>The data hold NaN, or an infinity where none may be.</summary>
    InvalidData,
}
